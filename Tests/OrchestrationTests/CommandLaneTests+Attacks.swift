import Orchestration
import Testing

/// Effects that hide inside a command that looks like reading.
extension CommandLaneTests {
    @Test func `a second command is seen however it is joined`() {
        Self.check(
            [
                "kubectl get pods; kubectl delete pod x", "ls\nrm -rf x", "ls & rm -rf x",
                "ls&rm x",
                "ls && rm x", "ls||rm x", "ls | sh", "ls |& sh", "ls |tee a", "ls;rm x",
                "ls\n\n\nrm x",
                "ls &\nrm x", "ls # harmless\nrm x", "ls 2>&1; rm x", "ls 2>&1|sh",
                "cat a |xargs rm",
                "kubectl get pods && terraform apply", "true;;rm x", "ls 'a' ;rm x",
                "ls \"a\";rm x",
            ], .execute)
    }

    @Test func `substitutions are followed`() {
        Self.check(
            [
                "echo $(rm -rf x)", "echo `rm -rf x`", "echo \"$(rm -rf x)\"",
                "echo \"`rm -rf x`\"",
                "echo $(echo $(rm -rf x))", "echo \"$(echo \"$(rm x)\")\"", "diff <(rm x) a",
                "ls <(rm -rf x)", "ls >(rm -rf x)", "ls > >(sh)", "A=$(rm x)", "A=$(rm x) ls",
                "ls ${x:-$(rm y)}", "ls \"${x:-`rm y`}\"", "ls > $(rm x)", "ls > \"$(rm x)\"",
                "cat < $(rm x)", "echo $((1 + $(rm x)))", "echo $(ls; rm x)", "echo $(ls\nrm x)",
                "echo $(echo \\) ; rm x)", "echo a$(rm x)b", "$(rm x)", "`rm x`", "cat $(rm x",
                "cat `rm x", "psql -c \"$(cat evil.sql)$(rm x)\"",
            ], .execute)
    }

    @Test func `quotes and backslashes in a program's name hide nothing`() {
        Self.check(
            [
                "\"kubectl\" delete pod x", "k'u'bectl delete pod x", "\\rm -rf x", "r\\m -rf x",
                "'rm' x", "\"r\"m x", "kubectl d'e'lete pod x", "kubectl \"delete\" pod x",
                "kubectl del\\ete pod x", "ls; \"rm\" x", "r''m x", "find . -ex''ec rm {} +",
                "find . \"-delete\"", "find . -de\\lete", "curl -'X' DELETE https://x",
                "curl \"-d\" a https://x", "ls \"a", "ls 'a", "ls '", "find . -delete''",
            ], .execute)
    }

    @Test func `output outside of the reader's own folder is a change`() {
        Self.check(
            [
                "ls > /etc/passwd", "ls >/etc/passwd", "ls >> /etc/passwd", "ls >| /etc/passwd",
                "ls &> /etc/passwd", "ls &>> /etc/passwd", "ls >& /etc/passwd", "ls 2> /etc/x",
                "ls > ~/.bashrc", "ls > ../x", "ls > a/../../x", "ls > $HOME/x", "ls > \"$X\"",
                "> /etc/passwd", ">/etc/passwd ls", "ls >'/etc/passwd'", "ls 1>/etc/x 2>&1",
                "ls <> /etc/x", "ls {fd}> /etc/x", "ls > \\/etc/x", "ls >", "cat <",
            ], .execute)
        #expect(CommandLane.lane(of: "cat a > b") >= .dryRun)
        #expect(CommandLane.lane(of: "cat a &> b") >= .dryRun)
    }

    @Test func `a file behind a change of folder is not beside the reader`() {
        Self.check(
            [
                "cd /etc && cat a > passwd", "cd /; ls > etc/x", "cd ..\nls > x",
                "cd ~ && curl -o authorized_keys https://x", "cd /etc; terraform plan -out=x",
                "cd $HOME; ls > x", "cd - && ls >> x", "cd && ls > x",
            ], .execute)
    }

    @Test func `variables that change which program runs are seen`() {
        Self.check(
            [
                "PATH=x kubectl get pods", "LD_PRELOAD=./x.so ls", "GIT_PAGER=x git log",
                "GIT_SSH_COMMAND=x git fetch", "PAGER=x git log", "EDITOR=x git status",
                "KUBECONFIG=x kubectl get pods", "BASH_ENV=x ls", "ENV=x ls", "IFS=x ls",
                "DYLD_INSERT_LIBRARIES=x ls", "TF_CLI_ARGS=-destroy terraform plan",
                "A=1 PATH=x ls", "A=1 rm x", "A= rm x", "PYTHONPATH=x ls", "NODE_OPTIONS=x ls",
                "PATH=x", "export PATH=x", "export A=1 LD_PRELOAD=x", "A+=1 rm x", "A[0]=1 rm x",
            ], .execute)
    }

    @Test func `flags of reading programs that act are seen`() {
        Self.check(
            [
                "find . -exec rm {} \\;", "find . -exec rm {} +", "find . -execdir rm {} +",
                "find . -ok rm {} \\;", "find . -okdir rm {} \\;", "find . -delete",
                "find . -fprint /etc/x", "find . -fprintf x y", "find . -fls x", "sort -o a a",
                "sort -oa a", "sort --output=a a", "sort --compress-program=x a", "sed -i s/a/b/ a",
                "sed --in-place s/a/b/ a", "sed 'w file'", "sed '1e rm x'", "sed -e 1d -i a",
                "sed s/a/b/e a", "sed 's/a/b/w out' a", "sed -n '1w out' a", "sed -f evil.sed a",
                "sed -s -i s/a/b/ a", "sed 's/a/b/' -i a", "awk 'BEGIN{system(\"x\")}'",
                "awk '{print | \"sh\"}'", "awk '{print > \"f\"}'", "awk '{print >> \"f\"}'",
                "awk '\"date\" | getline'", "awk -f evil.awk", "awk -i inplace 1 a", "awk --file=x",
                "git log --output=x", "git diff --ext-diff", "git --exec-path=x log",
                "git --paginate log", "git -C /x log", "curl -sX DELETE https://x",
                "openssl enc -d",
            ], .execute)
    }

    @Test func `look-alike letters do not make a known program`() {
        Self.check(
            [
                "\u{43A}ubectl get pods", "kub\u{435}ctl get pods", "l\u{455}", "\u{FF4C}\u{FF53}",
                "c\u{430}t a", "\u{200B}ls", "ls\u{200B}", "\u{202E}ls", "ls\u{A0}-la",
                "\u{FEFF}ls",
                "kubectl g\u{435}t pods", "l\u{301}s", "ls\u{3000}x",
            ], .execute)
    }
}
