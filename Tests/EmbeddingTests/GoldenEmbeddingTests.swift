import Dispatch
import Embedding
import Foundation
import Kernels
import StrictJSON
import Synchronization
import TestSupport
import Testing

/// Against token ids and vectors that the reference implementation computed for awkward texts.
@Suite(.enabled(if: SharedData.isPresent, "the golden numbers lie beside the checkout"))
struct GoldenEmbeddingTests {
    struct Golden: Decodable {
        let text: String
        let ids: [Int32]
        let embedding: [Float]
    }

    private func goldens(_ name: String) throws -> [Golden] {
        let file = try #require(SharedData.folder).appending(path: "golden/\(name).json")
        let goldens = try StrictJSON.decode([Golden].self, from: Data(contentsOf: file))
        #expect(goldens.count >= 20)
        return goldens
    }

    private func check(
        _ folder: URL?, _ precision: Precision, _ name: String, least: Double
    ) async throws {
        let goldens = try goldens(name)
        let embedder = try TransformerEmbedder(
            contentsOf: #require(folder).path, precision: precision)
        for golden in goldens {
            #expect(embedder.tokenIDs(of: golden.text) == golden.ids, "\(golden.text.prefix(60))")
        }
        let rows = try await embedder.embed(goldens.map(\.text), longTexts: .truncate)
        for (row, golden) in goldens.enumerated() {
            let cosine = zip(rows[row], golden.embedding).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
            let length = golden.embedding.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(cosine / length >= least, "\(golden.text.prefix(60)): \(cosine / length)")
        }
    }

    @Test(.enabled(if: SharedData.model != nil, "the model is installed by make setup"))
    func `MiniLM in f32 is the reference`() async throws {
        try await check(SharedData.model, .single, "minilm-l6-v2", least: 0.99999)
    }

    @Test(.enabled(if: SharedData.model != nil, "the model is installed by make setup"))
    func `MiniLM in int8 is near the reference`() async throws {
        try await check(SharedData.model, .int8, "minilm-l6-v2", least: 0.998)
        let model = try #require(SharedData.model)
        #expect(try TransformerEmbedder(contentsOf: model.path).precision == .int8)
    }

    @Test(
        .enabled(
            if: SharedData.largeModel != nil, "scripts/setup.sh all-mpnet-base-v2 installs it"))
    func `MPNet in f32 is the reference, and its int8 drifts too far to be taken`() async throws {
        try await check(SharedData.largeModel, .single, "mpnet-base-v2", least: 0.99999)
        let model = try #require(SharedData.largeModel)
        #expect(try TransformerEmbedder(contentsOf: model.path).precision == .single)
    }

    @Test(
        .enabled(if: SharedData.model != nil, "the model is installed by make setup"),
        arguments: Precision.allCases)
    func `a text's vector does not depend on its neighbours in a batch`(
        precision: Precision
    ) async throws {
        let texts = try goldens("minilm-l6-v2").map(\.text)
        let embedder = try TransformerEmbedder(
            contentsOf: #require(SharedData.model).path, precision: precision)
        let together = try await embedder.embed(texts, longTexts: .windows)
        for (row, text) in texts.enumerated() {
            let alone = try await embedder.embed([text], longTexts: .windows)
            if InstructionSet.current == .scalar, precision == .single { continue }
            #expect(alone[0] == together[row], "\(text.prefix(60))")
        }
    }
    @Test(
        .enabled(if: SharedData.model != nil, "the model is installed by make setup"),
        arguments: Precision.allCases)
    func `a text that two threads share has the bits of one thread`(
        precision: Precision
    ) async throws {
        let texts = try goldens("minilm-l6-v2").map(\.text) + ["pod", "is", "of a", "x of y"]
        let folder = try #require(SharedData.model).path
        let alone = try await TransformerEmbedder(contentsOf: folder, precision: precision)
            .embed(texts, longTexts: .windows)
        if InstructionSet.current == .scalar, precision == .single { return }
        let shared = try TransformerEmbedder(
            contentsOf: folder, precision: precision, sharesSingleTexts: true)
        for _ in 0..<3 {
            for (row, text) in texts.enumerated() {
                let vector = try await shared.embed([text], longTexts: .windows)
                #expect(vector[0] == alone[row], "\(text.prefix(60))")
            }
        }
        // Many at once: the second thread helps one of them, and is late for it.
        try await withThrowingTaskGroup(of: (Int, FloatRows).self) { group in
            for row in texts.indices {
                group.addTask { (row, try await shared.embed([texts[row]], longTexts: .windows)) }
            }
            for try await (row, vector) in group {
                #expect(vector[0] == alone[row], "\(texts[row].prefix(60))")
            }
        }
    }

    @Test(
        .enabled(if: SharedData.model != nil, "the model is installed by make setup"),
        .enabled(if: Processors.count > 1, "there is but one processor"),
        arguments: Precision.allCases)
    func `a text that another thread comes to help with has the bits of one thread`(
        precision: Precision
    ) async throws {
        let texts = try goldens("minilm-l6-v2").map(\.text) + ["pod", "is", "of a", "x of y"]
        let embedder = try TransformerEmbedder(
            contentsOf: #require(SharedData.model).path, precision: precision)
        let alone = try await embedder.embed(texts, longTexts: .windows)
        if InstructionSet.current == .scalar, precision == .single { return }
        let helped = Mutex(0)
        let helpers = DispatchGroup()
        // Help comes after more and more time, so that other layers are left.
        for delay in 0..<12 {
            for (row, text) in texts.enumerated() {
                let hand = HelpingHand()
                helpers.enter()
                Thread.detachNewThread {
                    defer { helpers.leave() }
                    let end = ContinuousClock.now + .microseconds(delay * 150)
                    while ContinuousClock.now < end {}
                    while !hand.isOver {
                        guard hand.help() else { continue }
                        return helped.withLock { $0 += 1 }
                    }
                }
                let vector = try await embedder.embed(text, helpedBy: hand)
                #expect(vector[0] == alone[row], "\(text.prefix(60)), \(delay)")
            }
        }
        await withCheckedContinuation { end in
            helpers.notify(queue: .global()) { end.resume() }
        }
        #expect(helped.withLock { $0 } > 0)
    }
}
