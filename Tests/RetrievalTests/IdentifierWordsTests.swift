import Retrieval
import TestSupport
import Testing

/// Names taken apart into words.
@Suite struct IdentifierWordsTests {
    static func check(
        _ text: String, _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            IdentifierWords.words(in: text) == expected, "\(text)", sourceLocation: sourceLocation)
    }

    @Test func `names are cut at marks and at capitals`() {
        Self.check("KubePodCrashLooping", ["kube", "pod", "crash", "looping"])
        Self.check("aws_sqs_queue", ["aws", "sqs", "queue"])
        Self.check("HTTPServer", ["http", "server"])
        Self.check("parseHTTPRequest", ["parse", "http", "request"])
        Self.check("api-gateway.example/v1:latest", ["api", "gateway", "example", "v1", "latest"])
        Self.check("arn:aws:s3:::bucket", ["arn", "aws", "s3", "bucket"])
        Self.check("NatGateway-Bytes", ["nat", "gateway", "bytes"])
        Self.check("a.b", ["a", "b"])
        Self.check("(KubePod) and \"a_b\", done.", ["kube", "pod", "a", "b"])
        Self.check("ÜberRunbook", ["über", "runbook"])
    }

    @Test func `a capital after a digit starts a word`() {
        Self.check("route53Zone", ["route53", "zone"])
        Self.check("EC2Instance", ["ec2", "instance"])
    }

    @Test func `plain words are none`() {
        for text in [
            "", " ", "word", "two words", "S3", "k8s", "route53", "HTTP", "Word", "end.", "-",
            "...",
            "_private", "日本語", "😀", "--flag", "::",
        ] {
            Self.check(text, [])
        }
    }

    @Test func `ASCII is taken apart as any other text`() {
        var generator = SeededGenerator(seed: 4)
        let characters = Array("aabZZ9_-./: \r\n\"é")
        for _ in 0..<4000 {
            let count = Int.random(in: 1...14, using: &generator)
            var text = String(
                (0..<count).compactMap { _ in characters.randomElement(using: &generator) })
            text += "x"
            // A digit beyond ASCII is no capital and no small letter.
            let marked = IdentifierWords.split(text + "٣")
            var plain = IdentifierWords.split(text)
            plain[plain.count - 1] += "٣"
            #expect(plain == marked, "\(text.debugDescription)")
            let runs = text.split { !$0.isLetter && !$0.isNumber }
            #expect(
                IdentifierWords.allWords(in: text) == runs.flatMap { IdentifierWords.split($0) })
        }
    }

    @Test func `words are lower case and without marks, whatever the text`() {
        var generator = SeededGenerator(seed: 3)
        let characters = Array("aZ9_-./: éÉ\u{301}😀\n")
        for _ in 0..<2000 {
            let count = Int.random(in: 0...20, using: &generator)
            let text = String(
                (0..<count).compactMap { _ in characters.randomElement(using: &generator) })
            for word in IdentifierWords.words(in: text) {
                #expect(!word.isEmpty && word == word.lowercased())
                #expect(word.allSatisfy { $0.isLetter || $0.isNumber }, "\(text.debugDescription)")
            }
        }
    }
}
