import Embedding
import Foundation
import Kernels
import Retrieval
import Store
import TestSupport
import Testing

/// Vectors that are kept outside any memory.
@Suite struct CachedEmbedderTests {
    let folder: TemporaryFolder
    let counting = NotingEmbedder()

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path + "/deep/er/vectors.sqlite" }

    private func cached() throws -> CachedEmbedder {
        CachedEmbedder(counting, cache: try EmbeddingCache(path: path))
    }

    @Test func `a text is embedded once, whoever asks`() async throws {
        let first = try await cached().embed(["one", "two", "one"], longTexts: .windows)
        let second = try await cached().embed(["two", "three", "one"], longTexts: .windows)
        #expect(counting.texts == ["one", "two", "one", "three"])
        let plain = try await HashingEmbedder().embed(
            ["one", "two", "one", "two", "three", "one"], longTexts: .windows)
        #expect(first.values + second.values == plain.values)
        #expect(try await cached().embed([], longTexts: .windows).count == 0)
    }

    @Test func `cut texts are never answered from the cache`() async throws {
        _ = try await cached().embed(["one"], longTexts: .windows)
        _ = try await cached().embed(["one"], longTexts: .truncate)
        #expect(counting.texts == ["one", "one"])
    }

    @Test func `a damaged cache is begun anew`() async throws {
        _ = try await cached().embed(["one"], longTexts: .windows)
        try Data(repeating: 7, count: 9000).write(to: URL(filePath: path))
        let rows = try await cached().embed(["one"], longTexts: .windows)
        #expect(rows.count == 1 && counting.texts == ["one", "one"])
    }

    @Test func `a vector of another length is made anew`() async throws {
        try EmbeddingCache(path: path).put([("one", [1, 2, 3])])
        let rows = try await cached().embed(["one"], longTexts: .windows)
        #expect(Array(rows[0]) == HashingEmbedder().vector(of: "one"))
    }
}
