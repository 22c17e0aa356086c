import Orchestration
import Testing

/// The shell reads bytes; whatever reads a command otherwise than the shell can be led astray.
///
/// Each attack was run in bash 5.2 with a harmless command in the place of `rm`.
extension CommandLaneTests {
    @Test func `a line continuation is removed as the shell removes it`() {
        Self.check(
            [
                // `-ex⏎ec` is one word.
                "find . -ex\\\nec rm {} +", "find . -del\\\nete", "curl -\\\nXDELETE https://x",
                // The mark is in the middle of a word, so it starts no comment.
                "ls a\\\n#; rm -rf x",
                // An escaped backslash continues nothing.
                "ls \\\\\nrm -rf x",
                // A comment is never continued.
                "ls # note \\\nrm -rf x", "# note \\\nrm -rf x", "kubectl get pods #\\\nrm x",
                "echo \"$\\\n(rm -rf x)\"",
            ], .execute)
    }

    @Test func `a carriage return before a newline hides no command`() {
        Self.check(
            [
                "ls x\r\nrm -rf y", "kubectl get pods\r\nkubectl delete pod x",
                "ls # x\r\nrm -rf y",
                "ls x\r\n\r\nrm y", "ls x \r\nrm y",
            ], .execute)
    }

    @Test func `a combining mark does not change the sign before it`() {
        Self.check(
            [
                "echo '\u{301}b' ; rm -rf x ; echo 'c'\u{301}", "ls \"$(\u{301}; rm -rf x)\"",
                "ls \"`\u{301}; rm -rf x`\u{301}\"", "ls > /etc/x\u{301}; rm y",
                "ls x;\u{301}; rm y",
                "find . -delete\u{200D} -delete", "curl -d\u{301} https://x", "ls x\n\u{301}\nrm y",
                "curl -X\u{301} DELETE https://x", "echo \"\u{301}\"; rm -rf x; echo \"\"\u{301}",
            ], .execute)
        #expect(CommandLane.lane(of: "sort -o\u{301}x a") > .readOnly)
        #expect(CommandLane.lane(of: "ls >\u{301}x") > .readOnly)
    }

    @Test func `a sign that only equals an ASCII one by canonical equivalence is a letter`() {
        // GREEK QUESTION MARK equals `;` and GREEK VARIA equals the backquote as Swift characters.
        Self.check(
            ["find . \u{37E} ls -delete", "find . \u{1FEF}ls -delete -name \u{1FEF}"], .execute)
    }

    @Test func `the dollar quotes of bash are quotes`() {
        Self.check(
            [
                "find . $'-exec' rm {} +", "find . $'\\x2ddelete'", "find . $\"-delete\"",
                "curl $'-XDELETE' https://x", "echo $'a\\'' ; rm -rf x #'",
            ], .execute)
        #expect(CommandLane.lane(of: "sort $'-o' a a") > .readOnly)
    }

    @Test func `braces that expand are not arguments yet`() {
        Self.check(
            [
                "find . {-delete,}", "find . -{delete,print}", "find . -{exec,x} rm {} +",
                "curl {-X,DELETE} https://x", "sed -n 1p {-i,a}", "sort {-o,/etc/x} a",
                "find {.,-delete}", "{rm,-rf,x}",
            ], .execute)
    }

    @Test func `a variable can hold any argument`() {
        Self.check(
            [
                "X=-delete; find . $X", "X=-XDELETE; curl $X https://x", "find .${IFS}-delete",
                "find .$IFS-delete", "curl x${IFS}-XDELETE", "export X=-delete; find . $X",
                "x='$(rm -rf y)'; echo ${x@P}", "Q='drop'; psql -c \"select 1; $Q table x\"",
                "X='-i a'; sed -n 1p $X",
            ], .execute)
    }

    @Test func `backquotes inside backquotes hide nothing`() {
        Self.check(
            [
                "echo `ls \\`rm -rf x\\`` ls \\`", "echo `ls \\`rm -rf x\\``",
                "echo \"`ls \\`rm -rf x\\`` ls \\`\"",
            ], .execute)
    }

    @Test func `builtins that evaluate their arguments are not readers`() {
        Self.check(
            [
                "test -v 'x[$(rm -rf y)]'", "printf -v 'a[$(rm -rf x)]' y",
                "printf -v PATH /tmp/x; ls",
            ], .execute)
    }

    @Test func `a descriptor that is no number is a file`() {
        for command in ["echo x >&2x", "echo x >&1out", "ls >&out"] {
            #expect(CommandLane.lane(of: command) > .readOnly, "\(command)")
        }
        // For a POSIX shell `&>` is a command that ends, and then a redirection.
        Self.check(["ls x &>/dev/null rm -rf y"], .execute)
    }
}
