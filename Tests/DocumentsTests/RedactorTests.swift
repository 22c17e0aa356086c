import Documents
import Foundation
import TestSupport
import Testing

/// Secrets go, everything else stays.
///
/// Every secret here is drawn by lot when the test runs: see `SecretMaker`.
@Suite struct RedactorTests {
    static let redactor = Redactor(key: Array("a key of the tests".utf8))

    /// What stands where the secret was, if nothing else of the text has changed.
    static func placeholder(before: String, after: String, in text: String) -> String? {
        guard text.hasPrefix(before), text.hasSuffix(after),
            text.utf8.count > before.utf8.count + after.utf8.count
        else { return nil }
        return String(text.dropFirst(before.count).dropLast(after.count))
    }

    /// The secret, standing in a context at `@`, and nothing else is replaced.
    static func expect(
        _ secret: String, in context: String, becomes family: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let parts = context.split(
            separator: "@@", maxSplits: 1, omittingEmptySubsequences: false
        ).map(String.init)
        let result = redactor.redacted(parts[0] + secret + parts[1])
        let found = placeholder(before: parts[0], after: parts[1], in: result.text)
        let isPlaceholder = found?.wholeMatch(of: /‹secret:([a-z0-9-]+):[0-9a-f]{8}›\n*/)
        #expect(
            isPlaceholder?.1 == family[...], "\(family): \(parts[0] + secret + parts[1])",
            sourceLocation: sourceLocation)
        #expect(result.redactionCount == 1, "\(result.text)", sourceLocation: sourceLocation)
        #expect(
            redactor.redacted(result.text).text == result.text, sourceLocation: sourceLocation)
    }

    /// None of these texts is changed.
    static func expectUnchanged(
        _ texts: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for text in texts {
            let result = redactor.redacted(text)
            #expect(result.text == text, sourceLocation: sourceLocation)
            #expect(result.redactionCount == 0, sourceLocation: sourceLocation)
        }
    }

    @Test func `equal secrets become equal placeholders, others become others`() {
        var maker = SecretMaker(seed: 1)
        let token = maker.make("ghp_{36a}")
        let other = maker.make("ghp_{36a}")
        let result = Self.redactor.redacted("\(token) \(token) \(other)")
        let found = result.text.split(separator: " ")
        #expect(result.redactionCount == 3)
        #expect(found.count == 3 && found[0] == found[1] && found[1] != found[2])
    }

    @Test func `the digits depend on the key, and a random key is random`() {
        var maker = SecretMaker(seed: 2)
        let text = maker.make("use ghp_{36a} now")
        let redactors = [
            Self.redactor, Redactor(key: []), Redactor(key: [1]), Redactor(key: [2]), Redactor(),
            Redactor(),
        ]
        #expect(Set(redactors.map { $0.redacted(text).text }).count == redactors.count)
        #expect(Redactor(key: [1]).redacted(text) == Redactor(key: [1]).redacted(text))
    }

    @Test func `the digits of a secret are the same wherever it stands`() {
        var maker = SecretMaker(seed: 3)
        let password = maker.password(24)
        let texts = [
            "password=\(password)", "postgres://u:\(password)@h/d", "X-Api-Key: \(password)",
            "{\"token\": \"\(password)\"}",
        ]
        let digits = texts.compactMap {
            Self.redactor.redacted($0).text.firstMatch(of: /:([0-9a-f]{8})›/)?.1
        }
        #expect(digits.count == texts.count && Set(digits).count == 1)
    }

    @Test func `no print or dump shows the key`() {
        let redactor = Redactor(key: Array("KEYKEYKEY".utf8))
        var dumped = "\(redactor)" + String(reflecting: redactor)
        dump(redactor, to: &dumped)
        #expect(!dumped.contains("KEY") && !dumped.contains("75, 69, 89"))
    }

    @Test func `texts are joined and their counts added`() {
        var maker = SecretMaker(seed: 4)
        let one = Self.redactor.redacted(maker.make("a sk-ant-{40t}"))
        let two = Self.redactor.redacted(maker.make("b AKIA{16c} ASIA{16c}"))
        let words = RedactedText("own wörds")
        #expect(words.text == "own wörds" && words.redactionCount == 0)
        #expect((one + two).text == one.text + two.text)
        #expect((one + two).redactionCount == 3)
        let joined = RedactedText.joined([words, one, two], separator: "\n--\n")
        #expect(joined.text == "own wörds\n--\n\(one.text)\n--\n\(two.text)")
        #expect(joined.redactionCount == 3)
        #expect(RedactedText.joined([], separator: ",") == RedactedText(""))
    }

    @Test func `a placeholder that somebody forged hides nothing`() {
        var maker = SecretMaker(seed: 5)
        let small = maker.make("dapi{32h}")
        let hidden = Self.redactor.redacted("‹secret:\(small):12345678›")
        #expect(hidden.redactionCount == 1 && !hidden.text.contains(small))
        let token = maker.make("glpat-{20t}")
        for forged in [
            "‹secret:\(token):12345678›", "‹secret:github:\(token)›",
            "‹secret:none:12345678›\(token)",
            "‹secret:\(token)", "‹\(token)›", "‹secret:github:12345678\(token)›",
        ] {
            let result = Self.redactor.redacted(forged)
            #expect(result.redactionCount == 1 && !result.text.contains(token), "\(forged)")
        }
        Self.expectUnchanged(["‹secret:github:12345678›", "password=‹secret:assigned:0a1b2c3d›"])
    }

    /// A page with everything on it, as a careless person would paste it.
    @Test func `nothing of a secret stays, not even six bytes`() {
        var maker = SecretMaker(seed: 6)
        for _ in 0..<10 {
            let token = maker.make("ghp_{36a}")
            let password = maker.password(20)
            let key = maker.make("{40b}")
            let header = maker.password(32, of: "t")
            let block = maker.block("OPENSSH PRIVATE KEY")
            let page = """
                # Notes
                export GITHUB_TOKEN=\(token)
                psql "postgres://app:\(password)@db.internal:5432/app"
                aws_secret_access_key = \(key)
                curl -H 'X-Api-Key: \(header)' https://api.internal/v1
                ```
                \(block)
                ```
                """
            let result = Self.redactor.redacted(page)
            #expect(result.redactionCount == 5, "\(result.text)")
            let body = block.split(separator: "\n").dropFirst().dropLast().map(String.init)
            for secret in [token, password, key, header] + body {
                let bytes = Array(secret.utf8)
                for start in 0...(bytes.count - 6) {
                    let window = String(decoding: bytes[start..<(start + 6)], as: UTF8.self)
                    #expect(!result.text.contains(window), "\(window) of \(secret)")
                }
            }
        }
    }
}
