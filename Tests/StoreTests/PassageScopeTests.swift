import Foundation
import Store
import TestSupport
import Testing

/// Where passages are looked for, what stands beside them, and what is known of their pages.
@Suite struct PassageScopeTests {
    let memory: MemoryFixture
    let writer: MemoryWriter
    var reader: MemoryReader { writer.reader }

    init() throws {
        memory = try MemoryFixture()
        writer = try MemoryWriter(memory.paths)
        _ = try writer.put(
            document("a.md"), chunks: (1...4).map { chunk("pump part \($0)", line: $0 * 10) })
        _ = try writer.put(document("b.md"), chunks: [chunk("pump alone", line: 1)])
        try writer.append(
            ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "soon"].compactMap {
                TimelineEvent(line: #"{"ts":"\#($0)","summary":"pump"}"#)
            })
    }

    func check(
        _ scope: PassageScope, _ expected: [Int64],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let query = try #require(FullTextQuery(anyOf: ["pump"]))
        let listed = try reader.chunkIDs(in: scope).map(\.rawValue)
        let found = try reader.lexicalMatches(query, in: scope, limit: 99).map(\.id.rawValue)
        #expect(listed == expected, sourceLocation: sourceLocation)
        #expect(found.sorted() == expected, sourceLocation: sourceLocation)
        #expect(scope.isEverything == (expected == Array(1...8)), sourceLocation: sourceLocation)
    }

    func time(_ day: Int) -> Date {
        Date(timeIntervalSince1970: 1_793_491_200 + 86_400 * Double(day - 1))
    }

    @Test func `documents and times of events bound what is looked at`() throws {
        let rows = try reader.documentSummaries().map(\.rowID)
        try check(PassageScope(), Array(1...8))
        try check(PassageScope(documents: [rows[0]]), [1, 2, 3, 4])
        try check(PassageScope(documents: []), [])
        try check(PassageScope(eventsFrom: time(2)), [1, 2, 3, 4, 5, 7])
        try check(PassageScope(eventsUntil: time(1)), [1, 2, 3, 4, 5, 6])
        try check(PassageScope(eventsFrom: time(1), eventsUntil: time(2)), [1, 2, 3, 4, 5, 6, 7])
        try check(PassageScope(eventsFrom: time(2), eventsUntil: time(1)), [1, 2, 3, 4, 5])
        try check(PassageScope(documents: [rows[1]], eventsFrom: time(1)), [5])
    }

    @Test func `neighbours stand before and behind, within the scope`() throws {
        func lines(_ id: Int64, _ reach: Int, _ scope: PassageScope = PassageScope()) throws
            -> [Int]
        {
            let ids = [ChunkID(rawValue: id)]
            return try reader.neighbours(of: ids, reach: reach, in: scope)
                .values.flatMap { $0 }.map(\.lines.lowerBound)
        }
        #expect(try lines(2, 1) == [10, 30])
        #expect(try lines(1, 2) == [20, 30])
        #expect(try lines(4, 99) == [10, 20, 30])
        #expect(try lines(2, 0) == [])
        #expect(try lines(5, 3) == [])
        #expect(try lines(99, 3) == [])
        #expect(try lines(6, 3) == [2, 3])
        #expect(try lines(6, 3, PassageScope(eventsUntil: time(2))) == [2])
    }

    @Test func `pages are found by their passages, with what they say of themselves`() throws {
        let record = DocumentRecord(
            path: "c.md", docid: "d", collection: "docs", kind: "runbook", title: "C",
            contentHash: "h", chunker: "x", frontMatter: #"{"owner":"me"}"#, indexedAt: "now")
        _ = try writer.put(record, chunks: [chunk("pump c")])
        let ids = [9, 5, 1, 2, 77].map { ChunkID(rawValue: $0) }
        let headings = try reader.headings(of: ids)
        let documents = Dictionary(uniqueKeysWithValues: headings.map { ($0.id, $0.document) })
        #expect(documents.count == 4 && documents[ids[2]] == documents[ids[3]])
        let cards = try reader.documentCards(Array(Set(documents.values)) + [99])
        #expect(cards.map(\.path) == ["a.md", "b.md", "c.md"])
        #expect(cards.map(\.frontMatter) == ["{}", "{}", #"{"owner":"me"}"#])
        #expect(cards.last?.rowID == documents[ids[0]])
        #expect(try reader.documentCards([]) == [])
        #expect(
            try reader.documentCards().map(\.path) == [
                "a.md", "b.md", "c.md", "memory/timeline.ndjson",
            ])
    }
}
