import Documents
import Foundation
import TestSupport
import Testing

/// Text that is made to break the redactor.
extension RedactorTests {
    /// Beginnings and pieces of secrets, and whatever may stand between them.
    private static let pieces = [
        "sk-ant-", "ghp_", "AKIA", "ey", ".ey", "SG.", "hvs.", "glpat-", "-us1", ":AA", ".atlasv1.",
        "Q~", "EAAA", "hooks.slack.com/", "password", "secret_access_key", "token", "x-api-key",
        "authorization", "bearer ", "basic ", "=", ": ", "=>", " ", "\n", "\r\n", "\"", "'", "`",
        "\\", "\\n", "/", "@", ":", "://", "a://", ".", ",", "-", "--", "_", "<", ">", "$", "{",
        "}",
        "%", "*", "s", "‹", "›", "‹secret:", "‹secret:jwt:0a1b2c3d›", "\u{200B}", "\u{FEFF}", "é",
        "-----BEGIN ", "RSA PRIVATE KEY", "-----", "-----BEGIN PRIVATE KEY-----\n", "-----END ",
        "PuTTY-User-Key-File-2: x\n", "Private-MAC: ", "Proc-Type: 4\n", "example", "xxxxxxxx",
    ]
    private static let runs = ["{3d}", "{9d}", "{16c}", "{32h}", "{20t}", "{36a}", "{64b}", "{5l}"]

    /// A text of up to thirty pieces.
    private static func jumble(_ maker: inout SecretMaker) -> String {
        (0..<maker.number(1...30)).map { _ in
            maker.number(0...2) == 0 ? maker.make(maker.pick(runs)) : maker.pick(pieces)
        }.joined()
    }

    @Test func `redacting twice changes nothing more, whatever the text`() {
        var maker = SecretMaker(seed: 21)
        var count = 0
        for _ in 0..<3000 {
            let text = Self.jumble(&maker)
            let once = Self.redactor.redacted(text)
            let twice = Self.redactor.redacted(once.text)
            #expect(twice.text == once.text, "\(text.debugDescription)")
            #expect(twice.redactionCount == 0, "\(text.debugDescription)")
            #expect(
                once.text.utf8.count { $0 == 0x0A } == text.utf8.count { $0 == 0x0A },
                "\(text.debugDescription)")
            #expect(once.redactionCount > 0 || once.text == text)
            count += once.redactionCount
        }
        #expect(count > 500, "the pieces make secrets")
    }

    /// Each would keep a reader busy for minutes that looks at it anew from every beginning.
    ///
    /// The dots behind them are for whoever takes dots off the end of a word.
    @Test(
        arguments: [
            ["-----BEGIN ", "sk-ant-", "a://b:"],
            ["-----BEGIN PRIVATE KEY-----\nProc-Type: 4\n", "PuTTY-User-Key-File-2: x\n", "-"],
            ["-eyA", "-eyAAAAAAAAAA.", "EAAA-"],
            ["a://b/c@", "a://b:c@", "password: \""],
            ["x-api-key=", "authorization: bearer ", "‹secret:", "s\u{200B}k-ant-"],
            ["x-api-key=example-", "-glpat-xxxxxxxx"],
        ])
    func `a megabyte of beginnings is read in linear time`(_ patterns: [String]) async {
        await #expect(processExitsWith: .success) { [patterns] in
            ProcessorTime.limit(seconds: 60)
            for pattern in patterns {
                let count = (1 << 20) / pattern.utf8.count
                let text =
                    String(repeating: pattern, count: count)
                    + String(repeating: ".", count: 1 << 19)
                let result = RedactorTests.redactor.redacted(text)
                #expect(result.text.utf8.count <= 1 << 24)
            }
        }
    }
}
