import Embedding
import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// A second space of vectors, searched beside the first.
struct CompanionTests {
    private static let main = HashingEmbedder(space: "main:0000000000000001")
    private static let both = EmbedderAvailability.ready(
        main, companion: HashingEmbedder(space: "beside:0000000000000002"))
    private static let pages = Dictionary(
        uniqueKeysWithValues: ["queue", "broker", "lease", "disk"].map { word in
            ("\(word).md", MemoryRoom.page("About \(word)s", sections: ["\(word) trouble"]))
        })

    private func base(_ room: MemoryRoom, _ role: VectorRole) -> String {
        room.memory.vectorFolder(role) + "/base"
    }

    private func explained(
        _ room: MemoryRoom, _ query: String, mode: SearchRequest.Mode = .auto
    ) async throws -> SearchReply {
        var request = SearchRequest(query)
        request.explains = true
        request.mode = mode
        return try await room.search(request)
    }

    @Test func `both spaces are kept, and both are searched`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: Self.both)
        for role in VectorRole.allCases {
            #expect(FileManager.default.fileExists(atPath: base(room, role)))
        }
        let reply = try await explained(room, "disk trouble")
        #expect(reply.hits.first?.path == "disk.md" && reply.degraded == [])
        let channels = try #require(reply.hits.first?.channels)
        #expect(channels["dense"]?.score == channels["static"]?.score)
        #expect(reply.route?.weights[.staticDense] ?? 0 > 0)
        #expect(reply.coverage.embedded == reply.coverage.chunks)
        let bare = try await explained(room, "disk trouble", mode: .dense)
        #expect(bare.hits.first?.channels?.keys.sorted() == ["dense"])
    }

    @Test func `a change reaches both, and the log is kept until both have it`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: Self.both)
        let old = try Data(contentsOf: URL(filePath: base(room, .companion)))
        try room.folder.write(MemoryRoom.page("Quota", sections: ["quota trouble"]), to: "new.md")
        try room.remove("disk.md")
        try await room.index()
        let whole = try await explained(room, "quota trouble")
        #expect(whole.hits.first?.path == "new.md")
        #expect(whole.hits.first?.channels?["static"] != nil)
        #expect(!whole.hits.contains { $0.path == "disk.md" })
        // An older file beside a trimmed log is made anew from the tables.
        try old.write(to: URL(filePath: base(room, .companion)), options: .atomic)
        let fresh = MemoryRoom(room, embedder: Self.both)
        let again = try await explained(fresh, "quota trouble")
        #expect(again.hits.map(\.chunkID) == whole.hits.map(\.chunkID))
        #expect(again.hits.map(\.score) == whole.hits.map(\.score))
    }

    @Test func `a memory made without it is searched, and says nothing`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: .ready(Self.main))
        let reply = try await explained(MemoryRoom(room, embedder: Self.both), "disk trouble")
        #expect(reply.hits.first?.path == "disk.md" && reply.degraded == [])
        #expect(reply.hits.allSatisfy { $0.channels?["static"] == nil })
    }

    @Test func `where it is gone, the search says so`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: Self.both)
        let without = MemoryRoom(room, embedder: .ready(Self.main))
        let reply = try await explained(without, "disk trouble")
        #expect(reply.hits.first?.path == "disk.md")
        let told = ["the vectors of beside are left out: it cannot be opened"]
        #expect(reply.degraded == told)
        #expect(try await explained(without, "disk trouble", mode: .dense).degraded == [])
        #expect(try await without.index().degraded == told)
    }

    @Test func `one that became the main embedder is not missed`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: Self.both)
        let alone = MemoryRoom(
            room, embedder: .ready(HashingEmbedder(space: "beside:0000000000000002")))
        #expect(try await alone.index().degraded == [])
        #expect(try await explained(alone, "disk trouble").degraded == [])
    }
}
