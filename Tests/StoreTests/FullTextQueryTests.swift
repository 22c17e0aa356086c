import Store
import TestSupport
import Testing

/// A user's words never reach SQLite as syntax.
struct FullTextQueryTests {
    let memory: MemoryFixture
    let writer: MemoryWriter

    init() throws {
        memory = try MemoryFixture()
        writer = try MemoryWriter(memory.paths)
        _ = try writer.put(
            document("a"), chunks: [chunk("alpha beta"), chunk("say \"quoted\" NEAR AND OR NOT")])
    }

    private func matches(_ terms: [String]) throws -> [Int64] {
        guard let query = FullTextQuery(anyOf: terms) else { return [] }
        return try writer.reader.lexicalMatches(query, limit: 10)
            .map(\.id.rawValue)
    }

    @Test func `terms without a letter or digit are no query`() {
        for terms in [[], [""], [" "], ["\"", "*", "()", "-", "^", "\0", "…", "🚀"]] {
            #expect(FullTextQuery(anyOf: terms) == nil, "\(terms)")
        }
    }

    @Test func `syntax is searched as text`() throws {
        #expect(try matches(["NEAR"]) == [2])
        #expect(try matches(["\"quoted\""]) == [2])
        #expect(try matches(["alph*"]) == [])
        #expect(try matches(["body:alpha"]) == [])
        #expect(try matches(["alpha NOT beta"]) == [])
        #expect(try matches(["alpha OR quoted"]) == [])
        #expect(try matches(["^alpha"]) == [1])
        #expect(try matches(["-alpha"]) == [1])
        #expect(try matches(["alpha", "quoted"]).sorted() == [1, 2])
    }

    @Test func `hostile terms never throw`() throws {
        for term in [
            "a\"", "\"a", "a\"\"", "\"\"\"a", "a' OR 1=1 --", "NEAR(a b, 5)", "NEAR(", "a AND",
            "OR a", "a*", "*a", "^a", "a^", "(a", "a)", "{a b}: c", "a + b", "a:b", "-a", "a\\",
            "a;",
            "col : a", "a\0b", "\0a\0", "a\u{1}", "a\nb", "😀a", "ａ", "²", "a\u{301}", "ß",
            "a\u{FFFD}", "\u{202E}a", String(repeating: "a", count: 100_000),
            String(repeating: "a ", count: 20_000), String(repeating: "\"", count: 9999) + "a",
        ] {
            #expect(throws: Never.self, "\(term.prefix(40))") { try matches([term]) }
            #expect(throws: Never.self) { try matches([term, "alpha", term]) }
        }
    }

    /// Swift takes a quote with an accent after it for one character, SQLite does not.
    @Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{20DD}", "\u{1F3FB}"])
    func `a quote with a combining mark is a quote`(mark: String) throws {
        for term in [
            "a\"\(mark) NEAR(", "a\"\(mark)", "\"\(mark)a", "x\"\(mark) OR alpha OR \"\(mark)y",
        ] {
            #expect(throws: Never.self) { try matches([term]) }
        }
        // Were the quote taken for syntax, this would match.
        #expect(try matches(["x\"\(mark) OR alpha OR \"\(mark)y"]) == [])
    }

    @Test func `ten thousand terms are one query`() throws {
        #expect(try matches((0..<10_000).map { "term\($0)" } + ["alpha"]) == [1])
    }

    @Test func `random marks never throw`() throws {
        var generator = SeededGenerator(seed: 41)
        let marks = [
            "\"", "'", "*", "^", "(", ")", "{", "}", ":", "-", "+", "NEAR", "AND", "OR", "NOT", "a",
            "1", " ", "\0", "\\", ",", "\u{301}", "é", "\n", ";", "--",
        ]
        for _ in 0..<2000 {
            let terms = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                    marks.randomElement(using: &generator) ?? ""
                }.joined()
            }
            #expect(throws: Never.self, "\(terms)") { try matches(terms) }
        }
    }
}
