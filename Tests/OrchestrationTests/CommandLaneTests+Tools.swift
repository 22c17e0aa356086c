import Orchestration
import Testing

/// Programs that mostly look, in the ways in which they do not.
extension CommandLaneTests {
    /// Each command changes at least a file, so that looking is too low a lane.
    static func checkNotReading(
        _ commands: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for command in commands {
            #expect(
                CommandLane.lane(of: command) > .readOnly, "\(command.debugDescription)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `plain readers that change the system are not readers`() {
        Self.check(
            [
                "date -s '2020-01-01'", "date --set=2020-01-01", "date 010100002020", "dmesg -C",
                "dmesg --clear", "dmesg -c", "ss -K dst 10.0.0.1", "ss --kill dst 10.0.0.1",
                "uniq a /etc/passwd",
            ], .execute)
        Self.checkNotReading(["uniq a b", "file -C -m magic"])
    }

    @Test func `sort writes whatever the spelling of its flag`() {
        Self.checkNotReading(["sort -uo a a", "sort -ro a b", "sort --out=a a", "sort --outp a a"])
        Self.check(["sort --compress=x a", "sort -S1 --comp=./x a", "sort -uo /etc/x a"], .execute)
    }

    @Test func `sed writes and runs from within a substitution`() {
        Self.check(
            [
                "sed 's/.*/rm -rf x/e;s/a/b/'", "sed 's/a/b/;1e rm -rf x;s/c/d/'",
                "sed 's/a/b/w /etc/cron.d/x'", "sed 's/a/b/;w /etc/x/'", "sed 's/a/b/e;s#/#/#'",
                "sed 's/a/b/w /tmp/x/1' a", "sed -n '1p;e rm x'", "sed -n 's/a/b/;1e rm x;s/a/b/p'",
            ], .execute)
        Self.checkNotReading(["sed 's#a#b#w out#' a", "sed 's/a/b/w out/g' a"])
    }

    @Test func `awk's program is found behind its flags, and writes in many spellings`() {
        Self.check(
            [
                "awk -F , 'BEGIN{system(\"rm -rf x\")}'", "awk -F ' ' '{print | \"sh\"}'",
                "awk -F , -v a=b 'BEGIN{system(\"x\")}'", "awk '@include \"evil\"'",
                "awk '@load \"filefuncs\"; BEGIN{unlink(\"x\")}'",
                "awk 'BEGIN{f=\"sys\" \"tem\"; @f(\"rm -rf x\")}'",
            ], .execute)
        Self.checkNotReading([
            "awk '{print $1 >$2}' a", "awk '{print>f}' a", "awk '{f=\"o\"; printf \"x\" > f}' a",
            "awk '{print $1 > $2}' a", "awk '{printf(\"x\")>f}' a",
        ])
    }

    @Test func `curl's outputs beyond the reader's folder are changes`() {
        Self.check(
            [
                "curl -o /etc/passwd https://x", "curl -so /etc/passwd https://x",
                "curl --output /etc/passwd https://x", "curl -o ../../x https://x",
                "curl -o ~/.bashrc https://x", "curl -o $HOME/.bashrc https://x",
                "curl -o/etc/passwd https://x", "curl --output-dir /etc -O https://x",
            ], .execute)
        Self.checkNotReading([
            "curl -c jar https://x", "curl --cookie-jar jar https://x", "curl -D headers https://x",
            "curl --dump-header h https://x", "curl --dump-h h https://x",
            "curl --trace t https://x",
            "curl --trace-ascii t https://x", "curl --stderr e https://x",
            "curl --hsts h https://x",
            "curl --alt-svc a https://x", "curl --etag-save e https://x",
            "curl --libcurl c https://x",
        ])
    }

    @Test func `curl's other ways to send and to act are changes`() {
        Self.check(
            [
                "curl -Q 'DELE x' ftp://x", "curl --quote 'DELE x' ftp://x",
                "curl --uplo f https://x",
                "curl --conf evil https://x", "curl -sQ 'DELE x' ftp://x",
                "curl --engine ./x https://x",
                "curl --mail-from a --mail-rcpt b smtp://x",
            ], .execute)
    }

    @Test func `openssl writes and loads code from reading verbs`() {
        Self.check(
            ["openssl x509 -engine ./evil.so -in a", "openssl verify -provider evil a"], .execute)
        Self.checkNotReading([
            "openssl x509 -in a --out b", "openssl ocsp -respout f -url x", "openssl crl --out f",
            "openssl s_client -keylogfile f -connect x", "openssl x509 -in a -writerand f",
            "openssl s_client -sess_out f -connect x", "openssl x509 -CAcreateserial -in a",
        ])
    }

    @Test func `journalctl and git act in shortened and remote spellings`() {
        Self.check(["journalctl --rot", "journalctl --vac"], .execute)
        Self.checkNotReading(["journalctl --cursor-file=c -n 1", "git log --ext-d -p"])
        Self.check(
            ["git fetch --upload-pack='rm -rf x;' .", "git fetch --upload-pack x origin"], .execute)
    }

    @Test func `watch hands its words to a shell`() {
        Self.check(
            [
                "watch ls '; rm -rf x'", "watch kubectl get pods '; kubectl delete pod x'",
                "watch echo '$(rm -rf x)'", "watch -n 2 ls '&&' rm x", "watch ls '|' sh",
                "watch ls \\; rm x",
            ], .execute)
    }
}
