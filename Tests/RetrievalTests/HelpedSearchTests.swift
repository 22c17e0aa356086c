import Embedding
import Kernels
import Retrieval
import Synchronization
import TestSupport
import Testing

/// An embedder that waits for help for a while, and counts the shares that were done.
private final class HelpedEmbedder: Embedder {
    private let embedder = HashingEmbedder()
    private let count = Mutex(0)

    var fingerprint: EmbedderFingerprint { embedder.fingerprint }
    var dimension: Int { embedder.dimension }
    var maximumTokenCount: Int { embedder.maximumTokenCount }
    var helpedCount: Int { count.withLock { $0 } }

    func tokenCount(of text: String) -> Int { embedder.tokenCount(of: text) }

    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        try await embedder.embed(texts, longTexts: longTexts)
    }

    func embed(_ text: String, helpedBy hand: HelpingHand) async throws -> FloatRows {
        hand.begin()
        for _ in 0..<100_000 where !hand.isOver {
            if hand.isOffered, hand.give({ self.count.withLock { $0 += 1 } }) { break }
            await Task.yield()
        }
        // Who has a share finishes it in any case.
        hand.end()
        return try await embedder.embed([text], longTexts: .windows)
    }
}

@Suite(.enabled(if: Processors.count > 1, "there is but one processor"))
struct HelpedSearchTests {
    @Test func `who searched for words helps to embed the query, and the answer is the same`()
        async throws
    {
        let files = ["a.md": "# Disk\n\nThe disk is full.\n", "b.md": "# Paper\n\nNo paper.\n"]
        let room = try await MemoryRoom.indexed(files, embedder: MemoryRoom.hashing)
        let plain = try await room.search(SearchRequest("full disk"))
        let embedder = HelpedEmbedder()
        let helped = MemoryRoom(room, embedder: .ready(embedder))
        // Under load the embedder may not have begun when help comes.
        for _ in 0..<50 where embedder.helpedCount == 0 {
            let reply = try await helped.search(SearchRequest("full disk"))
            #expect(reply.hits.map(\.path) == plain.hits.map(\.path))
            #expect(reply.hits.map(\.score) == plain.hits.map(\.score))
        }
        #expect(embedder.helpedCount > 0)
    }
}
