import Documents
import Foundation
import Testing

/// Secrets that are recognised by what stands around them.
extension RedactorTests {
    private static let labels = [
        "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK",
    ]

    private static func lineEnds(_ text: String) -> Int { text.utf8.count { $0 == 0x0A } }

    /// The block becomes one placeholder and keeps its line ends.
    private static func expectBlock(
        _ block: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let result = redactor.redacted("before\n\(block)\nafter it")
        let digits = result.text.firstMatch(of: /‹secret:private-key:([0-9a-f]{8})›/)?.1 ?? "none"
        let ends = block.filter { $0.isNewline }
        #expect(
            result.text == "before\n‹secret:private-key:\(digits)›\(ends)\nafter it",
            sourceLocation: sourceLocation)
        #expect(result.redactionCount == 1, sourceLocation: sourceLocation)
    }

    @Test(arguments: labels)
    func `a key block becomes one placeholder and its line ends`(_ label: String) {
        var maker = SecretMaker(seed: 11)
        for lines in 1...25 {
            Self.expectBlock(maker.block(label, lines: lines))
            Self.expectBlock(maker.block(label, lines: lines, lineEnd: "\r\n"))
            Self.expectBlock(
                maker.block(
                    label, lines: lines, header: "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB")
            )
        }
    }

    @Test func `a block without its end is found`() {
        var maker = SecretMaker(seed: 12)
        for count in 1...25 {
            let lines = maker.block("RSA PRIVATE KEY", lines: 30).split(separator: "\n")
            let block = lines.prefix(count + 1).joined(separator: "\n")
            let after = "\n\nThe next paragraph stays."
            Self.expect(block, in: "cat key\n@@\(after)", becomes: "private-key")
            Self.expect(block + "\n" + maker.make("{30b}"), in: "@@", becomes: "private-key")
            Self.expect(block + "\n-----END RSA", in: "@@", becomes: "private-key")
        }
    }

    @Test func `a block may be indented, quoted, escaped or on one line`() {
        var maker = SecretMaker(seed: 13)
        for label in Self.labels {
            let block = maker.block(label)
            Self.expectBlock(block.replacing("\n", with: "\n      "))
            Self.expectBlock(block.replacing("\n", with: "\n> "))
            Self.expectBlock(block.replacing("\n", with: "\\n\" +\n  \""))
            for lineEnd in ["\\n", "\\r\\n", "\\\\n", " "] {
                let line = block.replacing("\n", with: lineEnd)
                Self.expect(line, in: "{\"private_key\": \"@@\", \"x\": 1}", becomes: "private-key")
            }
            Self.expect(block, in: "a certificate\\n@@", becomes: "private-key")
            let plain = Self.redactor.redacted(block).text.prefix { $0 != "›" }
            let indented = Self.redactor.redacted(block.replacing("\n", with: "\n\t")).text
            #expect(indented.hasPrefix(plain), "indentation is not part of the secret")
        }
    }

    @Test func `PuTTY's and SSH's own forms are found`() {
        var maker = SecretMaker(seed: 14)
        for _ in 0..<25 {
            let lines = (0..<4).map { _ in maker.make("{64b}") }
            let putty =
                ["PuTTY-User-Key-File-3: ssh-ed25519", "Encryption: none", "Comment: me@host"]
                + ["Public-Lines: 2"] + lines[..<2] + ["Private-Lines: 2"] + lines[2...]
                + [maker.make("Private-MAC: {64h}")]
            Self.expectBlock(putty.joined(separator: "\n"))
            Self.expectBlock(putty.dropLast().joined(separator: "\n"))
            let ssh = ["---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "Comment: \"mine\""]
            Self.expectBlock(
                (ssh + lines + ["---- END SSH2 ENCRYPTED PRIVATE KEY ----"])
                    .joined(separator: "\n"))
        }
    }

    @Test func `the password of an address goes, and only it`() {
        var maker = SecretMaker(seed: 15)
        for count in 8..<33 {
            let password = maker.password(max(count, 12), of: "t")
            for context in [
                "postgres://app:@@@db.internal:5432/app", "redis://:@@@cache:6379/0",
                "see <https://me:@@@host/path>.", "url: \"amqp://u:@@@h\"", "[x](ftp://a:@@@b/c)",
                "mongodb+srv://u%40x:@@@a.example,b.example/db?x=y@z",
            ] {
                Self.expect(password, in: context, becomes: "url-password")
            }
        }
        for password in ["pw", "pass", "hunter2", "p@ss", "pä%2Fss", "a:b:c"] {
            Self.expect(password, in: "redis://:@@@h/1", becomes: "url-password")
        }
        let odd = maker.password(14) + "/" + maker.password(14) + "#x"
        Self.expect(odd, in: "postgres://u:@@@h/d", becomes: "url-password")
        let both = Self.redactor.redacted(maker.make("https://ghp_{36a}:x-oauth-basic@h/r"))
        #expect(both.redactionCount == 2 && both.text.hasPrefix("https://‹secret:github:"))
    }

    @Test func `what a request carries goes`() {
        var maker = SecretMaker(seed: 16)
        for _ in 0..<25 {
            let token = maker.password(maker.number(20...80), of: "t")
            for context in [
                "Authorization: Bearer @@", "authorization: bearer @@\nHost: h",
                "curl -H 'Authorization: Bearer @@' x", "\"Authorization\": \"Token @@\",",
                "Authorization=Bearer @@", "X-Api-Key: @@", "-H \"x-api-key: @@\"",
                "'X-Vault-Token': '@@'",
            ] {
                Self.expect(token, in: context, becomes: "header")
            }
            let user = "user:" + maker.make("{9l}")
            let basic = Data(user.utf8).base64EncodedString()
            Self.expect(basic, in: "Authorization: Basic @@", becomes: "header")
        }
    }

    @Test func `a secret access key needs its name and its length`() {
        var maker = SecretMaker(seed: 17)
        for _ in 0..<25 {
            for context in [
                "aws_secret_access_key = @@", "AWS_SECRET_ACCESS_KEY=@@ aws s3 ls",
                "\"SecretAccessKey\": \"@@\",", "secretAccessKey: '@@'",
            ] {
                Self.expect(maker.make("{40b}"), in: context, becomes: "aws-secret-access-key")
            }
        }
    }

    @Test func `a value behind a telling name goes`() {
        var maker = SecretMaker(seed: 18)
        let contexts = [
            "password=@@", "DB_PASSWORD=\"@@\"", "export api_key='@@'", "apiKey: @@",
            "{\"client_secret\": \"@@\"}", "{\\\"token\\\": \\\"@@\\\"}", "passwd := \"@@\"",
            "'secret' => '@@',", "config[\"access_key\"] = \"@@\"", "**Password:** @@",
            "Api-Key:@@", "private_key     =     @@", "Pwd=@@;Encrypt=yes", "?token=@@&x=1",
            "<password>@@</password>", "--db-password @@", "credentials: “@@”", "token: `@@`.",
            "SECRET_KEY_PROD=@@", "my.signing.key=@@", "passphrase: @@, then enter",
        ]
        for index in 0..<(25 * contexts.count) {
            let password = maker.password(maker.number(16...60))
            Self.expect(password, in: contexts[index % contexts.count], becomes: "assigned")
        }
        for count in [32, 40, 64] {
            for _ in 0..<25 {
                Self.expect(maker.make("{\(count)h}"), in: "api_key: @@", becomes: "assigned")
            }
        }
        for _ in 0..<25 {
            Self.expect(maker.password(12, of: "a"), in: "password: @@", becomes: "assigned")
        }
    }

    /// What is missed has no digit, repeats itself by chance, or looks like words.
    @Test(arguments: [(12, 75), (16, 85), (20, 92), (24, 95), (32, 98), (64, 99)])
    func `most passwords drawn by lot are found behind a name`(length: Int, percent: Int) {
        var maker = SecretMaker(seed: 22)
        for alphabet in ["l", "a", "b", "p"] {
            let lines = (0..<1000).map { _ in maker.make("password: {\(length)\(alphabet)}") }
            let found = Self.redactor.redacted(lines.joined(separator: "\n")).redactionCount
            #expect(found >= percent * 10, "\(found) of 1000 of \(length) of \(alphabet)")
        }
    }
}
