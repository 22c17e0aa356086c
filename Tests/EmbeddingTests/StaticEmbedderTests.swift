import Embedding
import Foundation
import Kernels
import StrictJSON
import TestSupport
import Testing

/// With the real table: token ids and vectors that the reference implementation computed for
/// awkward texts, and what must hold for any text.
@Suite(.enabled(if: SharedData.staticModel != nil, "make setup installs the optional static model"))
struct StaticEmbedderTests {
    struct Golden: Decodable {
        let text: String
        let ids: [Int32]
        let embedding: [Float]
    }

    let embedder: StaticEmbedder

    init() throws {
        embedder = try StaticEmbedder(contentsOf: #require(SharedData.staticModel).path)
    }

    private func cosine(_ left: some Collection<Float>, _ right: some Collection<Float>) -> Double {
        func product(_ left: some Collection<Float>, _ right: some Collection<Float>) -> Double {
            zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        return product(left, right)
            / (product(left, left) * product(right, right)).squareRoot()
    }

    @Test(.enabled(if: SharedData.isPresent, "the golden numbers lie beside the checkout"))
    func `token ids and vectors are the reference's`() async throws {
        let file = try #require(SharedData.folder).appending(path: "golden/wordllama-256.json")
        let goldens = try StrictJSON.decode([Golden].self, from: Data(contentsOf: file))
        #expect(goldens.count >= 20)
        let rows = try await embedder.embed(goldens.map(\.text), longTexts: .truncate)
        for (row, golden) in goldens.enumerated() {
            #expect(embedder.tokenIDs(of: golden.text) == golden.ids, "\(golden.text.prefix(60))")
            #expect(embedder.tokenCount(of: golden.text) == golden.ids.count)
            if golden.ids.isEmpty {
                #expect(rows[row].allSatisfy { $0 == 0 } && golden.embedding.allSatisfy { $0 == 0 })
            } else {
                #expect(
                    cosine(rows[row], golden.embedding) >= 0.99999, "\(golden.text.prefix(60))")
            }
        }
    }

    @Test func `a text without tokens is the zero vector, every other of length 1`() async throws {
        #expect(embedder.dimension == 256 && embedder.maximumTokenCount == .max)
        let texts = ["", " ", "a", "\0", "<s>", String(repeating: "disk full ", count: 9_000)]
        let rows = try await embedder.embed(texts, longTexts: .windows)
        #expect(rows.count == texts.count && rows.dimension == 256)
        #expect(rows[0].allSatisfy { $0 == 0 })
        for row in 1..<texts.count {
            let length = rows[row].reduce(0) { $0 + Double($1) * Double($1) }
            #expect((length - 1).magnitude < 1e-5, "text \(row)")
        }
        #expect(try await embedder.embed([], longTexts: .windows).count == 0)
    }

    @Test func `rows have the bits of the text alone, in any company`() async throws {
        var generator = SeededGenerator(seed: 70)
        let words = ["disk", "full", "node", "не готов", "再起動", "🚀", "etcd", "latency"]
        let texts = (0..<3_000).map { _ in
            (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                words[Int.random(in: 0..<words.count, using: &generator)]
            }.joined(separator: " ")
        }
        let together = try await embedder.embed(texts, longTexts: .windows)
        #expect(together.count == texts.count)
        for index in stride(from: 0, to: texts.count, by: 37) {
            let alone = try await embedder.embed([texts[index]], longTexts: .truncate)
            #expect(Array(together[index]) == Array(alone[0]), "text \(index)")
        }
    }

    /// Twice the text is twice the vector before its length is made 1.
    @Test func `nothing of a long text is cut`() async throws {
        let half = String(repeating: "restart the pod ", count: 5_000)
        let other = String(repeating: "rotate the key ", count: 5_000)
        let rows = try await embedder.embed(
            [half, half + other, other + half], longTexts: .truncate)
        #expect(cosine(rows[0], rows[1]) < 0.99)
        #expect(cosine(rows[1], rows[2]) > 0.99999)
    }

    @Test func `meaning is nearer than words that differ`() async throws {
        let rows = try await embedder.embed(
            ["How do I reset my password?", "password reset steps", "cake recipe"],
            longTexts: .truncate)
        #expect((cosine(rows[0], rows[1]) - 0.8587).magnitude < 1e-3)
        #expect((cosine(rows[0], rows[2]) - 0.0680).magnitude < 1e-3)
    }

    /// Quadratic work on a megabyte would take hours: this test would not end.
    @Test(arguments: ["a", "ab", "zq", " ", "\u{2581}", "世", "🚀", "\u{301}", "=", "<s", "\0"])
    func `a megabyte of one run is no trap`(unit: String) {
        let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
        let count = embedder.tokenCount(of: text)
        #expect(count > 1_000 && count <= (1 << 20) + 1)
    }

    @Test func `arbitrary bytes are no trap`() async throws {
        var generator = SeededGenerator(seed: 71)
        let texts = (0..<2_000).map { _ in
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        let rows = try await embedder.embed(texts, longTexts: .windows)
        #expect(rows.values.allSatisfy { $0.isFinite })
        for text in texts where !text.isEmpty {
            #expect(embedder.tokenCount(of: text) > 0)
        }
    }
}
