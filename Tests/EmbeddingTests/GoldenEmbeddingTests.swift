import Embedding
import Foundation
import Kernels
import StrictJSON
import TestSupport
import Testing

/// Against token ids and vectors that the reference implementation computed for awkward texts.
@Suite(
    .enabled(if: SharedData.isPresent, "the golden numbers lie beside the checkout"),
    .enabled(if: SharedData.model != nil, "the model is installed by make setup"))
struct GoldenEmbeddingTests {
    struct Golden: Decodable {
        let text: String
        let ids: [Int32]
        let embedding: [Float]
    }

    let embedder: TransformerEmbedder
    let goldens: [Golden]

    init() throws {
        embedder = try TransformerEmbedder(contentsOf: #require(SharedData.model).path)
        let file = try #require(SharedData.folder).appending(path: "golden/minilm-l6-v2.json")
        goldens = try StrictJSON.decode([Golden].self, from: Data(contentsOf: file))
        #expect(goldens.count >= 20)
    }

    @Test func `token ids equal the reference's`() {
        for golden in goldens {
            #expect(embedder.tokenIDs(of: golden.text) == golden.ids, "\(golden.text.prefix(60))")
        }
    }

    @Test func `vectors point where the reference's do`() async throws {
        let rows = try await embedder.embed(goldens.map(\.text), longTexts: .truncate)
        for (row, golden) in goldens.enumerated() {
            let cosine = zip(rows[row], golden.embedding).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
            let length = golden.embedding.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(cosine / length >= 0.99999, "\(golden.text.prefix(60))")
        }
    }

    @Test func `a text's vector does not depend on its neighbours in a batch`() async throws {
        let texts = goldens.map(\.text)
        let together = try await embedder.embed(texts, longTexts: .windows)
        for (row, text) in texts.enumerated() {
            let alone = try await embedder.embed([text], longTexts: .windows)
            let cosine = zip(together[row], alone[0]).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
            #expect(cosine >= 0.999999, "\(text.prefix(60))")
        }
    }
}
