import Foundation
import Store
import TestSupport
import Testing

/// A reader that stays open answers from what it kept as a new one does from the tables.
struct MomentCacheTests {
    let memory: MemoryFixture
    let writer: MemoryWriter
    let readers: MemoryReaders
    private static let words = [
        "pod", "pods", "node", "restart", "disk", "full", "queue", "broker", "alert", "firing",
    ]

    init() throws {
        memory = try MemoryFixture()
        writer = try MemoryWriter(memory.paths)
        readers = MemoryReaders(memory.paths)
    }

    private func put(_ path: String, _ count: Int, _ random: inout SeededGenerator) throws {
        let chunks = (0..<count).map { number in
            let words = (0..<Int.random(in: 1...30, using: &random)).compactMap { _ in
                Self.words.randomElement(using: &random)
            }
            return chunk(
                words.joined(separator: " ") + " \(path) \(number)",
                identifiers: words.prefix(3).joined(separator: " "))
        }
        _ = try writer.put(document(path), chunks: chunks)
    }

    /// Asks both for the same words, and for the same names.
    private func check(
        _ terms: [String], limit: Int, at location: SourceLocation = #_sourceLocation
    ) throws {
        let (open, new) = (try readers.reader(), try MemoryReader(memory.paths))
        let text = try #require(FullTextQuery(anyOf: terms))
        let names = try #require(NameQuery(terms))
        #expect(
            try open.lexicalMatches(text, limit: limit) == new.lexicalMatches(text, limit: limit),
            "\(terms), \(limit)", sourceLocation: location)
        #expect(
            try open.nameMatches(names, limit: limit) == new.nameMatches(names, limit: limit),
            "\(terms), \(limit)", sourceLocation: location)
        #expect(try open.outline() == new.outline(), sourceLocation: location)
    }

    @Test func `sums of what phrases score are what SQLite gives for all of them, to the bit`()
        throws
    {
        var random = SeededGenerator(seed: 7)
        // Ids lie on both sides of a page's end.
        try put("gone.md", 4090, &random)
        _ = try writer.removeDocuments(["gone.md"])
        for number in 0..<12 { try put("\(number).md", 9, &random) }
        for limit in [0, 1, 2, 10, 100, 1000] {
            try check(Self.words, limit: limit)
            try check(["pod", "pods", "pod restart", "nothing", "²", "full"], limit: limit)
        }
        for _ in 0..<20 {
            let count = Int.random(in: 1...8, using: &random)
            try check(Array(Self.words.shuffled(using: &random).prefix(count)), limit: 20)
        }
    }

    @Test func `every change is seen`() throws {
        var random = SeededGenerator(seed: 8)
        try put("a.md", 5, &random)
        try check(Self.words, limit: 50)
        try put("b.md", 5, &random)
        try check(Self.words, limit: 50)
        _ = try writer.removeDocuments(["a.md"])
        try check(Self.words, limit: 50)
        let event = try #require(
            TimelineEvent(line: #"{"ts":"2026-11-01T00:00:00Z","summary":"disk full again"}"#))
        _ = try writer.append([event])
        try check(Self.words, limit: 50)
        #expect(try readers.reader().outline().hasEvents)
    }

    @Test func `a limited search looks where it is told, whatever is kept`() throws {
        var random = SeededGenerator(seed: 9)
        for name in ["a.md", "b.md"] { try put(name, 6, &random) }
        let query = try #require(FullTextQuery(anyOf: Self.words))
        let reader = try readers.reader()
        let all = try reader.lexicalMatches(query, limit: 50)
        let second = try #require(try reader.documentSummaries().last?.rowID)
        let found = try reader.lexicalMatches(
            query, in: PassageScope(documents: [second]), limit: 50)
        #expect(found.count == 6 && all.count == 12)
        #expect(found == all.filter { hit in found.contains { $0.id == hit.id } })
    }
}
