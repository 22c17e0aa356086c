import Documents
import TestSupport
import Testing

/// Private keys are in one passage, whatever the page, so that they are recognised in it.
@Suite struct KeyLinesTests {
    private static func body(_ count: Int, seed: UInt64) -> [String] {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        return (0..<count).map { _ in
            String((0..<64).map { _ in letters.randomElement(using: &generator) ?? "A" })
        }
    }

    private static let words = String(
        repeating: "Look at the gauge before the valve is opened again, and wait. ", count: 12)

    private func check(_ text: String, _ path: String, _ secret: [String], at line: Int = #line) {
        let chunks = Chunker().chunks(of: Document(Array(text.utf8), path: path))
        #expect(chunks.count > 1, "\(path), \(line)")
        let redactor = Redactor()
        for chunk in chunks {
            let told = redactor.redacted(chunk.text).text
            for part in secret { #expect(!told.contains(part), "\(path), \(line)") }
        }
        // Nothing is lost, and nothing else is drawn in.
        #expect(chunks.first?.bytes.lowerBound == 0)
        #expect(chunks.last?.bytes.upperBound == text.utf8.count)
        for (one, next) in zip(chunks, chunks.dropFirst()) {
            #expect(one.bytes.upperBound == next.bytes.lowerBound, "\(path), \(line)")
        }
    }

    @Test(arguments: ["page.md", "page.txt", "page.yaml", "page.tf"])
    func `a key of any length stays whole`(path: String) {
        let body = Self.body(100, seed: 3)
        for name in ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
            let block = ["-----BEGIN \(name)-----"] + body + ["-----END \(name)-----"]
            for indent in ["", "    "] {
                let key = block.map { indent + $0 + "\n" }.joined()
                check("key: |\n\(key)\n\(Self.words)\n\nlast: words\n\(Self.words)\n", path, body)
            }
        }
        let armor =
            ["-----BEGIN PGP PRIVATE KEY BLOCK-----", "Version: 1", ""] + body + ["=abcd"]
            + ["-----END PGP PRIVATE KEY BLOCK-----"]
        check(armor.joined(separator: "\n") + "\n\n\(Self.words)\n\n\(Self.words)\n", path, body)
    }

    @Test func `a key without an end stays whole as far as it goes`() {
        let body = Self.body(60, seed: 4)
        let block = ["-----BEGIN RSA PRIVATE KEY-----"] + body
        check(
            block.joined(separator: "\n") + "\n\n\(Self.words)\n\n\(Self.words)\n", "a.txt", body)
    }

    @Test func `a key of PuTTY's stays whole`() {
        let body = Self.body(60, seed: 6)
        let lines =
            ["PuTTY-User-Key-File-3: ssh-rsa", "Encryption: none", "Private-Lines: 60"] + body
            + ["Private-MAC: \(String(repeating: "0a", count: 32))"]
        check(
            lines.joined(separator: "\n") + "\n\n\(Self.words)\n\n\(Self.words)\n", "a.txt", body)
    }

    @Test func `lines that only begin keys join no others`() {
        for line in ["Private-Lines: 5", "-----BEGIN RSA PRIVATE KEY-----", "x: PRIVATE KEY ----"] {
            let text = String(repeating: line + "\n", count: 6000)
            let chunks = Chunker().chunks(of: Document(Array(text.utf8), path: "a.txt"))
            // Two lines that name a key are a block, which may hold two passages of 300 tokens together.
            #expect(chunks.count > 1 && chunks.allSatisfy { $0.tokenEstimate <= 620 }, "\(line)")
        }
    }

    @Test func `words about keys join nothing`() {
        let text =
            "# Keys\n\nA file begins with -----BEGIN RSA PRIVATE KEY----- and more.\n\n"
            + (1...6).map { "## Part \($0)\n\n\(Self.words)\n\n" }.joined()
        let chunks = Chunker().chunks(of: Document(Array(text.utf8), path: "a.md"))
        #expect(chunks.count >= 5 && chunks.allSatisfy { $0.tokenEstimate < 500 })
    }
}
