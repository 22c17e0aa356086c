import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// What a reply says of itself, and what no query can do to it.
extension SearcherTests {
    @Test func `an empty query is an error`() async throws {
        let room = try await Self.room(MemoryRoom.words)
        for query in ["", " ", "\n\t ", "\u{2003}"] {
            await #expect(throws: RetrievalError.emptyQuery, "\(query.debugDescription)") {
                try await room.search(query)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `no query is syntax, and none is too much`() async throws {
        let huge = String(repeating: "queue ", count: 17_000)
        let queries = [
            "\"", "\"\"", "'", "NEAR(", "NEAR(a b, 5)", "*", "queue*", "^queue", "AND OR NOT",
            "queue AND", "NOT queue", "(queue", "queue)", "body: queue", "{body}: queue", "-queue",
            "+queue", "queue; DROP TABLE chunks", "' OR 1=1 --", "%", "_", "\\", "???", "...", "-",
            "a\0b", "\0", "queue\0letters", "\u{301}", "é", "日本語", "😀", "\u{202E}queue", "ﬁ",
            "the and of", "$(rm -rf x)", "[", "]", "{", "}", "a:b:c", "\u{FFFD}", "\r\nqueue\r\n",
            "queue\"letters", "\"queue", String(repeating: "\"", count: 1000),
            String(repeating: "a.b", count: 2000), String(repeating: "é", count: 20_000), huge,
        ]
        for embedder in [MemoryRoom.words, MemoryRoom.hashing] {
            let room = try await Self.room(embedder)
            for query in queries {
                for mode in [SearchRequest.Mode.auto, .lexical] {
                    var request = SearchRequest(query)
                    request.mode = mode
                    let reply = try await room.search(request)
                    #expect(reply.hits.count <= 10)
                    #expect(reply.hits.map(\.rank) == Array(1...reply.hits.count + 1).dropLast())
                }
            }
            #expect(try await room.search("NOT queue").hits.count == 10)
            #expect(try await room.search("queue\"letters").hits.count == 10)
            #expect(try await room.search("the and of").hits.count > 0)
            let reply = try await room.search(huge)
            #expect(reply.degraded.contains { $0.contains("cut") } && reply.hits.count == 10)
            #expect(reply.query.utf8.count <= 8 << 10)
        }
    }

    @Test func `a query that matches nothing has no lexical hit`() async throws {
        let room = try await Self.room(MemoryRoom.words)
        for query in ["zyzzyva", "...", "???"] {
            #expect(try await room.search(query).hits.isEmpty, "\(query)")
        }
        let empty = try MemoryRoom()
        #expect(throws: StoreError.missing(path: empty.memory.database)) { try empty.reader() }
        let indexed = try await MemoryRoom.indexed([:])
        let reply = try await indexed.search("x")
        #expect(reply.hits.isEmpty && reply.indexedAt == nil && reply.generation == 0)
    }

    @Test func `a file that changed or went is told as stale`() async throws {
        let room = try await Self.room(MemoryRoom.words)
        func stale() async throws -> [String] {
            var request = SearchRequest("queue")
            request.limit = 50
            return try await room.search(request).hits.filter(\.isStale).map(\.path).sorted()
        }
        #expect(try await stale() == [])
        try room.folder.write(Self.files["docs/d1.md", default: ""] + " ", to: "docs/d1.md")
        try room.remove("docs/d2.md")
        #expect(try await stale() == ["docs/d1.md", "docs/d2.md"])
        try room.folder.write(Self.files["docs/d1.md", default: ""], to: "docs/d1.md")
        #expect(try await stale() == ["docs/d2.md"])
        try await room.indexKnown()
        #expect(try await stale() == [])
    }

    @Test func `the generation and the time of a reply are the memory's`() async throws {
        let room = try await Self.room(MemoryRoom.words)
        let first = try await room.search("queue")
        #expect(first.indexedAt == "2026-11-20T00:00:00Z" && first.generation > 0)
        try room.folder.write("# New\n\nqueue\n", to: "docs/new.md")
        try await room.indexKnown()
        #expect(try await room.search("queue").generation > first.generation)
    }

    @Test func `a reply has exactly the agreed keys`() async throws {
        let room = try await Self.room(MemoryRoom.hashing)
        var request = SearchRequest("queue")
        for explains in [false, true] {
            request.explains = explains
            let data = try JSONEncoder().encode(try await room.search(request))
            let reply = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(
                Set(reply.keys)
                    == Set(
                        [
                            "query", "shape", "mode", "generation", "indexed_at", "coverage",
                            "degraded",
                            "hits",
                        ] + (explains ? ["route"] : [])))
            let coverage = try #require(reply["coverage"] as? [String: Any])
            #expect(Set(coverage.keys) == ["chunks", "embedded"])
            let hits = try #require(reply["hits"] as? [[String: Any]])
            var keys: Set<String> = [
                "rank", "score", "path", "start_line", "end_line", "title", "breadcrumb", "snippet",
                "hash", "docid", "collection", "kind", "freshness", "stale", "tokens", "chunk_id",
                "trust",
            ]
            if explains { keys.insert("channels") }
            #expect(hits.count == 10 && hits.allSatisfy { Set($0.keys) == keys })
        }
    }

    @Test func `equal searches give equal bytes`() async throws {
        let room = try await Self.room(MemoryRoom.hashing)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let first = try encoder.encode(try await room.search("queue letters"))
        for _ in 0..<5 {
            #expect(try encoder.encode(try await room.search("queue letters")) == first)
        }
    }
}
