import Store
import TestSupport
import Testing

struct PassageQueryTests {
    let memory: MemoryFixture
    let writer: MemoryWriter

    init() throws {
        memory = try MemoryFixture()
        writer = try MemoryWriter(memory.paths)
        _ = try writer.put(
            document("a.md"), chunks: [chunk("restart the broker"), chunk("drain the node")])
        _ = try writer.put(
            document("b.md", collection: "other"),
            chunks: [chunk("restart the broker"), chunk("x")])
    }

    private func search(_ terms: String..., documents: [Int64]? = nil, limit: Int = 10) throws
        -> [ScoredChunk]
    {
        let query = try #require(FullTextQuery(anyOf: terms))
        return try writer.reader.lexicalMatches(
            query, in: PassageScope(documents: documents), limit: limit)
    }

    @Test func `scores are greater for nearer passages, ties by id`() throws {
        let found = try search("restart", "broker")
        #expect(found.map(\.id.rawValue) == [1, 3])
        #expect(found[0].score == found[1].score && found[0].score > 0)
        let two = try search("the", "node")
        #expect(two.first?.id.rawValue == 2)
        for (first, second) in zip(two, two.dropFirst()) { #expect(first.score >= second.score) }
        #expect(try search("restart", limit: 1).map(\.id.rawValue) == [1])
        #expect(try search("restart", limit: 0) == [])
    }

    @Test func `documents can be chosen`() throws {
        let summaries = try writer.reader.documentSummaries()
        #expect(summaries.map(\.path) == ["a.md", "b.md"])
        #expect(summaries.map(\.collection) == ["docs", "other"])
        let second = try #require(summaries.last).rowID
        #expect(try search("restart", documents: [second]).map(\.id.rawValue) == [3])
        #expect(try search("restart", documents: []) == [])
        #expect(try search("restart", documents: [99]) == [])
    }

    @Test func `a term of several words must match in order`() throws {
        #expect(try search("the broker").count == 2)
        #expect(try search("broker the") == [])
    }

    @Test func `passages come in the order asked`() throws {
        let ids = [3, 99, 1, 3].map { ChunkID(rawValue: $0) }
        #expect(try writer.reader.passages(ids).map(\.id.rawValue) == [3, 1, 3])
        #expect(try writer.reader.passages([]) == [])
    }

    @Test func `vectors are those of one space, in order of ids`() throws {
        try writer.putVectors(
            [("key restart the broker", [1, 1, 1, 1]), ("key x", [2, 2, 2, 2])], fingerprint: "f")
        try writer.putVectors([("key x", [9, 9, 9, 9])], fingerprint: "g")
        let all = try writer.reader.vectors(fingerprint: "f", documents: nil)
        #expect(all.ids.map(\.rawValue) == [1, 3, 4])
        #expect(all.bytes == [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2])
        let first = try writer.reader.documentSummaries()[0].rowID
        let some = try writer.reader.vectors(fingerprint: "f", documents: [first])
        #expect(some.ids.map(\.rawValue) == [1] && some.bytes == [1, 1, 1, 1])
        #expect(try writer.reader.vectors(fingerprint: "none", documents: nil).ids == [])
    }

    @Test func `texts without a vector are listed once, oldest first`() throws {
        let texts = try writer.reader.unembedded(fingerprint: "f", limit: 10)
        #expect(texts.map(\.body) == ["restart the broker", "drain the node", "x"])
        #expect(try writer.reader.unembeddedCount(fingerprint: "f") == 3)
        #expect(try writer.reader.unembedded(fingerprint: "f", limit: 2).count == 2)
        try writer.putVectors([("key restart the broker", [0, 0, 0, 0])], fingerprint: "f")
        #expect(
            try writer.reader.unembedded(fingerprint: "f", limit: 10).map(\.body)
                == ["drain the node", "x"])
        #expect(try writer.reader.unembeddedCount(fingerprint: "g") == 3)
    }

    @Test func `roots and states`() throws {
        try writer.addRoot(IndexedRoot(path: "docs", collection: "a"))
        try writer.addRoot(IndexedRoot(path: "agents", collection: "b"))
        try writer.addRoot(IndexedRoot(path: "docs", collection: "c"))
        #expect(
            try writer.reader.roots() == [
                IndexedRoot(path: "agents", collection: "b"),
                IndexedRoot(path: "docs", collection: "c"),
            ])
        _ = try writer.put(document("empty.md"), chunks: [])
        let states = try writer.reader.documentStates()
        #expect(states["a.md"]?.chunkCount == 2 && states["empty.md"]?.chunkCount == 0)
        #expect(states["b.md"]?.collection == "other" && states.count == 3)
    }

    @Test func `documents are found by the start of their docid`() throws {
        #expect(try writer.reader.paths(docidPrefix: "dam") == ["a.md"])
        #expect(try writer.reader.paths(docidPrefix: "d") == ["a.md", "b.md"])
        for prefix in ["d%", "d_", "%", "'", "damdx"] {
            #expect(try writer.reader.paths(docidPrefix: prefix) == [])
        }
    }
}
