import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// The index in the memory's folder follows SQLite; it is never needed and never believed too much.
struct PassageVectorsTests {
    private static let words = [
        "queue", "broker", "lease", "disk", "quota", "replica", "shard", "budget", "certificate",
    ]

    private static func text(_ number: Int) -> String {
        let pick = (0..<6).map { words[(number * 5 + $0 * $0 * number + $0) % words.count] }
        return MemoryRoom.page("Page \(number)", sections: [pick.joined(separator: " ")])
    }

    private func base(_ room: MemoryRoom) -> String { room.memory.vectorFolder(.main) + "/base" }

    /// What a search finds by meaning alone, which all ways must agree on.
    ///
    /// Through the room's long-lived vectors, through new ones, and with no index at all.
    private func answers(
        _ room: MemoryRoom, at location: SourceLocation = #_sourceLocation
    ) async throws -> [[String]] {
        let away = room.memory.vectorFolder(.main) + ".away"
        var found: [[[String]]] = []
        for way in 0..<3 {
            let hasIndex = FileManager.default.fileExists(atPath: room.memory.vectorFolder(.main))
            if way == 2, hasIndex {
                try FileManager.default.moveItem(
                    atPath: room.memory.vectorFolder(.main), toPath: away)
            }
            let vectors = way == 0 ? room.vectors : PassageVectors(room.memory)
            let searcher = Searcher(
                try room.reader(), paths: room.paths, embedder: room.embedder, vectors: vectors)
            var lines: [[String]] = []
            for word in Self.words {
                var request = SearchRequest(word + " trouble")
                request.mode = .dense
                let reply = try await searcher.search(request, now: MemoryRoom.now)
                lines.append(reply.hits.map { "\($0.path) \($0.chunkID) \($0.score)" })
                #expect(reply.degraded == [], sourceLocation: location)
            }
            found.append(lines)
            if way == 2, hasIndex {
                try FileManager.default.moveItem(
                    atPath: away, toPath: room.memory.vectorFolder(.main))
            }
        }
        #expect(found[0] == found[1] && found[1] == found[2], sourceLocation: location)
        return found[0]
    }

    @Test func `the index follows every change of files`() async throws {
        let room = try await MemoryRoom.indexed(
            ["0.md": Self.text(0)], embedder: MemoryRoom.hashing)
        var generator = SeededGenerator(seed: 41)
        for step in 1..<12 {
            for _ in 0..<3 {
                let number = Int.random(in: 0..<12, using: &generator)
                let isThere = FileManager.default.fileExists(atPath: room.path("\(number).md"))
                if isThere, step % 3 == 0 {
                    try room.remove("\(number).md")
                } else {
                    try room.folder.write(Self.text(number + step % 2 * 50), to: "\(number).md")
                }
            }
            if step % 4 == 0 {
                // A search between the change of tables and that of the index.
                let writer = try MemoryWriter(room.memory)
                _ = try writer.removeDocuments(["\(step).md", "0.md"])
                _ = try await answers(room)
            }
            try await room.index()
            let answers = try await answers(room)
            #expect(answers.contains { !$0.isEmpty })
            // What the file holds is out of the log.
            let now = try room.reader().vectorChanges(fingerprint: "", after: nil).sequence
            let left = try room.reader().vectorChanges(fingerprint: "", after: now)
            #expect(left.rows.isEmpty && !left.isWhole)
            #expect(try room.reader().vectorChanges(fingerprint: "", after: now - 1).isWhole)
        }
    }

    @Test func `an index that lags behind is brought up to date by the log`() async throws {
        let room = try await MemoryRoom.indexed(
            ["0.md": Self.text(0), "1.md": Self.text(1)], embedder: MemoryRoom.hashing)
        let old = try Data(contentsOf: URL(filePath: base(room)))
        _ = try await answers(room)
        try room.folder.write(Self.text(7), to: "2.md")
        try room.remove("0.md")
        try await room.index()
        _ = try await answers(room)
        // The log was trimmed, so an older file says too little.
        try old.write(to: URL(filePath: base(room)), options: .atomic)
        _ = try await answers(room)
        try await room.index()
        #expect(try Data(contentsOf: URL(filePath: base(room))) != old)
        _ = try await answers(room)
    }

    @Test func `a memory of an older program is searched as it is`() async throws {
        let room = try await MemoryRoom.indexed(
            ["0.md": Self.text(0), "1.md": Self.text(1)], embedder: MemoryRoom.hashing)
        let expected = try await answers(room)
        let script = """
            import sqlite3
            db = sqlite3.connect("memory/kv.sqlite")
            db.executescript(\"""
                DROP TABLE vector_log; DROP TABLE chunk_names;
                DELETE FROM meta WHERE name LIKE 'vector_log%';
                DELETE FROM sqlite_sequence WHERE name = 'vector_log';
                DELETE FROM grdb_migrations WHERE identifier NOT LIKE '1 %';
                \""")
            """
        let python = try await BuiltBinary(in: room.folder.path)
            .shell("rm -r memory/vector; python3 - <<'EOF'\n\(script)\nEOF")
        try #require(python.status == 0, "\(python.errors)")
        #expect(try await answers(room) == expected)
        for query in ["queue", "KubeQueueBroker"] {
            #expect(try await !room.search(query).hits.isEmpty)
        }
        try await room.index()
        #expect(try await answers(room) == expected)
    }

    @Test func `another memory's index is not believed`() async throws {
        let room = try await MemoryRoom.indexed(
            ["0.md": Self.text(0)], embedder: MemoryRoom.hashing)
        let other = try await MemoryRoom.indexed(
            ["0.md": Self.text(3), "1.md": Self.text(4)], embedder: MemoryRoom.hashing)
        let foreign = try Data(contentsOf: URL(filePath: base(other)))
        try foreign.write(to: URL(filePath: base(room)), options: .atomic)
        _ = try await answers(room)
    }

    @Test func `a damaged index is told, changes no answer, and is mended by index`() async throws {
        let room = try await MemoryRoom.indexed(
            Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0).md", Self.text($0)) }),
            embedder: MemoryRoom.hashing)
        let expected = try await answers(room)
        let whole = try Data(contentsOf: URL(filePath: base(room)))
        for (byte, sentence) in [
            (8200, "the vector index is damaged"), (20, "one of two headers"),
            (whole.count - 3, "the vector index was not used"),
        ] {
            var bytes = whole
            bytes[byte] ^= 1
            try bytes.write(to: URL(filePath: base(room)), options: .atomic)
            var request = SearchRequest(Self.words[0] + " trouble")
            request.mode = .dense
            let searcher = Searcher(
                try room.reader(), paths: room.paths, embedder: room.embedder,
                vectors: PassageVectors(room.memory))
            let reply = try await searcher.search(request, now: MemoryRoom.now)
            #expect(
                reply.hits.map { "\($0.path) \($0.chunkID) \($0.score)" } == expected[0])
            #expect(
                byte == 20 || reply.degraded.contains { $0.contains(sentence) },
                "\(reply.degraded)")
            try await room.index()
            #expect(try await answers(room) == expected)
        }
    }

    @Test func `an index that cannot be written is told, and searches read the database`()
        async throws
    {
        let room = try MemoryRoom(["0.md": Self.text(0)], embedder: MemoryRoom.hashing)
        try room.folder.write("in the way", to: "memory/vector")
        let report = try await room.index()
        #expect(report.degraded.contains { $0.contains("vector index was not written") })
        let reply = try await room.search(SearchRequest(Self.words[0]))
        #expect(reply.hits.count == 1 && reply.mode == .hybrid)
    }

    @Test func `a sweep fills the slots of removed passages`() async throws {
        let room = try await MemoryRoom.indexed(
            Dictionary(uniqueKeysWithValues: (0..<9).map { ("\($0).md", Self.text($0)) }),
            embedder: MemoryRoom.hashing)
        for number in 0..<5 { try room.remove("\(number).md") }
        let library = try Library(room.memory, embedder: room.embedder)
        _ = try await library.sweep(isDryRun: false, now: MemoryRoom.now)
        _ = try await answers(room)
        let sizes = try FileManager.default.attributesOfItem(atPath: base(room))[.size] as? Int
        #expect((sizes ?? 0) > 0)
    }
}
