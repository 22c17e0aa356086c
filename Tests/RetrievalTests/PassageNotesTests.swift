import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Searches of a service, which keeps what it read, against those of a process that just began.
struct PassageNotesTests {
    private static let copy = "Prime the pump with two litres, then open valve 7 and wait a minute."

    /// The same reply from both, as JSON.
    private func check(
        _ room: MemoryRoom, _ readers: MemoryReaders,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> SearchReply {
        var last: SearchReply?
        for query in ["prime the pump", "open valve 7", "pump_manual", "litres of the old pump"] {
            var request = SearchRequest(query)
            request.explains = true
            let warm = try await Searcher(
                readers.reader(), paths: room.paths, embedder: room.embedder,
                vectors: room.vectors
            ).search(request, now: MemoryRoom.now)
            let cold = try await Searcher(
                room.reader(), paths: room.paths, embedder: room.embedder,
                vectors: PassageVectors(room.memory)
            ).search(request, now: MemoryRoom.now)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            #expect(
                try encoder.encode(warm) == encoder.encode(cold), "\(query)",
                sourceLocation: location)
            last = last ?? warm
        }
        return try #require(last)
    }

    @Test func `every change of the files is seen by searches that keep what they read`()
        async throws
    {
        let room = try await MemoryRoom.indexed(
            [
                "docs/pump.md": "---\nowner: ann\n---\n# Pump manual\n\n\(Self.copy)\n",
                "docs/valve.md": "# Valve\n\nOpen the valve slowly.\n",
            ], embedder: MemoryRoom.hashing)
        let readers = MemoryReaders(room.memory)
        let first = try await check(room, readers)
        #expect(first.hits.first?.path == "docs/pump.md" && first.hits.first?.owner == "ann")
        #expect(try await check(room, readers).hits.map(\.score) == first.hits.map(\.score))

        // Only the front matter: the passages keep their ids.
        try room.folder.write(
            "---\nowner: bob\nsuperseded_by: new.md\n---\n# Pump manual\n\n\(Self.copy)\n",
            to: "docs/pump.md")
        try room.folder.write("# New pump\n\nPrime nothing.\n", to: "docs/new.md")
        try await room.index()
        let changed = try await check(room, readers)
        let old = try #require(changed.hits.first { $0.path == "docs/pump.md" })
        #expect(old.owner == "bob" && old.supersededBy == "docs/new.md")

        // A copy is folded, until its text is another one.
        try room.folder.write("# Pump manual\n\n\(Self.copy)\n", to: "docs/copy.md")
        try await room.index()
        let folded = try await check(room, readers)
        #expect(folded.hits.contains { $0.alsoAt?.isEmpty == false })
        try room.folder.write("# Pump manual\n\nSay something else.\n", to: "docs/copy.md")
        try await room.index()
        let apart = try await check(room, readers)
        #expect(apart.hits.allSatisfy { $0.alsoAt == nil })

        try room.remove("docs/pump.md")
        try await room.index()
        let gone = try await check(room, readers)
        #expect(!gone.hits.contains { $0.path == "docs/pump.md" })
    }

    @Test func `facts and events are seen by searches that keep what they read`() async throws {
        let room = try await MemoryRoom.indexed(
            ["docs/pump.md": "# Pump manual\n\n\(Self.copy)\n"], embedder: MemoryRoom.hashing)
        let readers = MemoryReaders(room.memory)
        _ = try await check(room, readers)
        try MemoryWriter(room.memory).setFacts(
            [("owner.pump", "carl"), ("verified_at.pump", "2025-01-01")], now: MemoryRoom.now)
        let told = try await check(room, readers)
        #expect(told.hits.first?.owner == "carl" && told.hits.first?.ageFactor ?? 1 < 1)
        try room.note([("2026-11-01T00:00:00Z", "the pump was primed")])
        #expect(try await check(room, readers).hits.contains { $0.kind == "event" })
    }

    @Test func `a memory in place of another one has nothing of it`() async throws {
        let room = try await MemoryRoom.indexed(
            ["docs/pump.md": "# Pump manual\n\n\(Self.copy)\n"], embedder: MemoryRoom.hashing)
        let readers = MemoryReaders(room.memory)
        _ = try await check(room, readers)
        try FileManager.default.removeItem(atPath: room.memory.folder)
        try room.folder.write("# Valve\n\nThe pump has a valve.\n", to: "docs/pump.md")
        try await room.index()
        let found = try await check(room, readers)
        #expect(found.hits.first?.title == "Valve" && found.hits.first?.breadcrumb == "Valve")
    }
}
