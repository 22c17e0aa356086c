import Foundation
import Store
import TestSupport
import Testing

struct FactsTests {
    let memory: MemoryFixture
    let writer: MemoryWriter
    private let then = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws {
        memory = try MemoryFixture()
        writer = try MemoryWriter(memory.paths)
    }

    private func set(_ facts: (String, String)...) throws {
        try writer.setFacts(facts.map { (key: $0.0, value: $0.1) }, now: then)
    }

    private func keys(_ prefix: String) throws -> [String] {
        try writer.reader.facts(prefix: prefix).map(\.key)
    }

    @Test func `facts are read back as they were set`() throws {
        for value in [
            "", " ", "x", "é e\u{301}", "🚀👨‍👩‍👧", "line\nline\r\n\ttab", "'; DROP TABLE kv; --", "\"",
            "\u{1}", "42", "1e3", "0x1F", String(repeating: "long ", count: 100_000),
        ] {
            try set(("k", value))
            let fact = try #require(try writer.reader.fact("k"))
            #expect(Array(fact.value.utf8) == Array(value.utf8))
            #expect(fact.key == "k" && fact.updatedAt == "2026-09-21T14:13:20Z")
        }
        #expect(try writer.reader.fact("none") == nil)
    }

    /// Nothing is truncated silently: a text is stored whole or refused.
    @Test func `a value with a NUL is whole or refused`() throws {
        do { try set(("k", "before\0after")) } catch { return }
        #expect(try writer.reader.fact("k")?.value == "before\0after")
    }

    @Test func `setting again replaces`() throws {
        try set(("k", "1"), ("k", "2"), ("l", "3"))
        #expect(try writer.reader.fact("k")?.value == "2")
        try writer.setFacts([("k", "4")], now: then.addingTimeInterval(3600))
        #expect(try writer.reader.fact("k")?.updatedAt == "2026-09-21T15:13:20Z")
        #expect(try keys("") == ["k", "l"])
    }

    @Test func `prefixes are plain text`() throws {
        try set(
            ("a%b", "1"), ("a_b", "2"), ("aXb", "3"), ("A_b", "4"), ("a'b", "5"), ("a\"b", "6"),
            ("🚀a", "7"), ("🚀b", "8"), ("é", "9"), ("e\u{301}", "10"), ("a*b", "11"), ("a", "12"))
        #expect(try keys("a%") == ["a%b"])
        #expect(try keys("a_") == ["a_b"])
        #expect(try keys("%") == [])
        #expect(try keys("a'") == ["a'b"])
        #expect(try keys("a\"") == ["a\"b"])
        #expect(try keys("a*") == ["a*b"])
        #expect(try keys("🚀") == ["🚀a", "🚀b"])
        #expect(try keys("A") == ["A_b"])
        #expect(try keys("\u{E9}").map(\.unicodeScalars.count) == [1])
        #expect(try keys("aXbc") == [])
        #expect(try keys("").count == 12)
    }

    @Test func `keys come in the order of their bytes`() throws {
        let keys = ["b", "a", "B", "é", "\u{FFFD}", "🚀", "a.b", "a/b", "10", "9"]
        try writer.setFacts(keys.map { ($0, "x") }, now: then)
        let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try self.keys("") == sorted)
    }

    @Test func `unusable keys are refused and nothing is set`() throws {
        for key in [
            "", "\0", "a\0b", "a\nb", "\t", "a\u{7F}", "\u{1B}[1m",
            String(repeating: "a", count: 513), String(repeating: "é", count: 257),
        ] {
            #expect(throws: StoreError.invalidName(key)) { try set(("good", "x"), (key, "y")) }
        }
        #expect(try keys("") == [])
        try set((String(repeating: "a", count: 512), "fits"))
    }

    @Test func `the later control characters are refused too`() {
        for key in ["a\u{80}", "a\u{85}b", "\u{9B}1m"] {
            #expect(throws: StoreError.invalidName(key)) { try set((key, "x")) }
        }
    }

    @Test func `deleting says whether there was one`() throws {
        try set(("k", "1"))
        #expect(try writer.deleteFact("k"))
        #expect(try !writer.deleteFact("k"))
        #expect(try writer.reader.fact("k") == nil)
    }

    @Test func `facts are there after closing and opening`() throws {
        let other = try MemoryFixture()
        try other.write { try $0.setFacts([("k", "v")], now: then) }
        #expect(try MemoryReader(other.paths).fact("k")?.value == "v")
        try other.write { _ = try $0.deleteFact("k") }
        #expect(try MemoryReader(other.paths).fact("k") == nil)
    }
}
