import Embedding
import Foundation
import Kernels
import Retrieval
import Store
import Synchronization
import TestSupport
import Testing

/// Counts the texts that it is asked for.
private final class CountingEmbedder: Embedder {
    private let hashing: HashingEmbedder
    private let asked = Mutex(0)

    init(space: String) { hashing = HashingEmbedder(space: space) }

    var fingerprint: EmbedderFingerprint { hashing.fingerprint }
    var dimension: Int { hashing.dimension }
    var maximumTokenCount: Int { hashing.maximumTokenCount }
    var count: Int { asked.withLock { $0 } }

    func tokenCount(of text: String) -> Int { hashing.tokenCount(of: text) }

    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        asked.withLock { $0 += texts.count }
        return try await hashing.embed(texts, longTexts: longTexts)
    }
}

/// No text is embedded twice in one space, and no two spaces meet.
struct LibraryVectorTests {
    private let first = CountingEmbedder(space: "first:0000000000000001")
    private let second = CountingEmbedder(space: "second:0000000000000002")

    /// More passages than are written at once, some of them with equal text.
    private static let files = Dictionary(
        uniqueKeysWithValues: (0..<450).map { index in
            ("docs/page-\(index).md", "# Page\n\nThe broker number \(index % 400) is restarted.\n")
        })

    @Test func `equal texts, renamed files and a second run cost no embedding`() async throws {
        let room = try MemoryRoom(Self.files, embedder: .ready(first))
        let report = try await room.index()
        #expect(report.coverage.chunks == 450 && report.coverage.embedded == 450)
        #expect(first.count == 400)
        try FileManager.default.moveItem(
            atPath: room.path("docs/page-3.md"), toPath: room.path("docs/renamed.md"))
        try FileManager.default.removeItem(atPath: room.path("docs/page-4.md"))
        let again = try await room.index()
        #expect(again.coverage.chunks == 449 && again.coverage.embedded == 449)
        #expect(first.count == 400)
        // The text of the removed file comes back elsewhere before a sweep forgot it.
        try room.folder.write(Self.files["docs/page-4.md"] ?? "", to: "docs/back.md")
        #expect(try await room.index().coverage.embedded == 450)
        #expect(first.count == 400)
    }

    @Test func `each space has its own vectors, and going back to one costs nothing`() async throws
    {
        let room = try MemoryRoom(Self.files, embedder: .ready(first))
        try await room.index()
        let other = MemoryRoom(room, embedder: .ready(second))
        #expect(try await other.index().coverage.embedded == 450)
        #expect(second.count == 400)
        #expect(try room.reader().meta("embedder") == second.fingerprint.rawValue)
        #expect(try await room.index().coverage.embedded == 450)
        #expect(first.count == 400)
        #expect(try room.reader().meta("embedder") == first.fingerprint.rawValue)
    }
}
