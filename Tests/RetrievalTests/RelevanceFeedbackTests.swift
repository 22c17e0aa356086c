import Embedding
import Retrieval
import Store
import TestSupport
import Testing

/// What is meant moves towards the passage that was found first.
struct RelevanceFeedbackTests {
    private static let spaces = EmbedderAvailability.ready(
        HashingEmbedder(space: "main:0000000000000001"),
        companion: HashingEmbedder(space: "beside:0000000000000002"))

    /// The second page shares no word with the query, but with the page that answers it.
    private static let pages = [
        "first.md": "# Disk trouble\n\nInode exhaustion ends every write.\n",
        "related.md": "# Inode exhaustion\n\nEvery write fails.\n",
        "other.md": "# Printer paper\n\nColour cartridge leaks slowly.\n",
    ]

    private func scores(
        _ room: MemoryRoom, mode: SearchRequest.Mode, channel: String
    ) async throws -> [String: Double] {
        var request = SearchRequest("disk trouble")
        request.explains = true
        request.mode = mode
        return Dictionary(
            uniqueKeysWithValues: try await room.search(request).hits.compactMap { hit in
                hit.channels?[channel].map { (hit.path, $0.score) }
            })
    }

    @Test func `what the first find is about is nearer than what it is not, in both spaces`()
        async throws
    {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: Self.spaces)
        let bare = try await scores(room, mode: .dense, channel: "dense")
        for channel in ["dense", "static"] {
            let moved = try await scores(room, mode: .hybrid, channel: channel)
            let (related, other) = (try #require(moved["related.md"]), moved["other.md"] ?? 0)
            let unmoved = try #require(bare["related.md"])
            #expect(related > unmoved + 0.1, "\(channel)")
            #expect(related > other + 0.1, "\(channel)")
            #expect(try #require(moved["first.md"]) <= 1.00001)
        }
    }

    @Test func `where two pages answer alike, nothing moves`() async throws {
        var pages = Self.pages
        pages["second.md"] = pages["first.md"]
        let room = try await MemoryRoom.indexed(pages, embedder: Self.spaces)
        let bare = try await scores(room, mode: .dense, channel: "dense")
        let hybrid = try await scores(room, mode: .hybrid, channel: "dense")
        #expect(!bare.isEmpty && hybrid["related.md"] == bare["related.md"])
    }

    @Test func `a first find without a vector moves nothing`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: MemoryRoom.words)
        var request = SearchRequest("disk trouble")
        request.mode = .hybrid
        let reply = try await MemoryRoom(room, embedder: Self.spaces).search(request)
        #expect(reply.hits.first?.path == "first.md")
    }
}
