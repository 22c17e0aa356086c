import Documents
import Foundation
import Testing

struct CitationTests {
    private func check(
        _ text: String, _ expected: Citation?, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(Citation(text) == expected, "\(text)", sourceLocation: location)
    }

    @Test func `path with lines`() {
        check("a.md:3-7", Citation(path: "a.md", lines: 3...7))
        check("a.md:3", Citation(path: "a.md", lines: 3...3))
        check("docs/a b.md:1-1", Citation(path: "docs/a b.md", lines: 1...1))
        check("a:b:2-3", Citation(path: "a:b", lines: 2...3))
        check("a-1.md:2", Citation(path: "a-1.md", lines: 2...2))
        check("é.md:12-345678", Citation(path: "é.md", lines: 12...345678))
    }

    @Test func `what is neither form is nil`() {
        for text in [
            "", ":", ":3", "a", "a:", "a:b", "a:0", "a:0-3", "a:3-2", "a:-3", "a:3-", "a:1-2-3",
            "a: 3", "a:3 ", "a:1 - 2", "a:1.5", "a:0x1", "a:３", "a:99999999999999999999",
            "a:1-99999999999999999999", "a:L3", "3-4",
        ] {
            check(text, nil)
        }
    }

    @Test func `a sign is no part of a line number`() {
        check("a:+3", nil)
        check("a:+1-+2", nil)
    }

    @Test func `what is printed is read back`() {
        for citation in [
            Citation(path: "a.md", lines: 1...1), Citation(path: "x:y-2/é.md", lines: 4...19),
            Citation(path: "a", lines: 1...Int.max),
        ] {
            #expect(Citation(citation.description) == citation)
        }
        #expect(Citation(path: "a.md", lines: 2...4).description == "a.md:2-4")
    }

    @Test func `JSON has snake case keys`() throws {
        let citation = Citation(path: "a.md", lines: 2...4)
        let data = try JSONEncoder().encode(citation)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        #expect(Set(object?.keys.map { $0 } ?? []) == ["path", "start_line", "end_line"])
        #expect(try JSONDecoder().decode(Citation.self, from: data) == citation)
    }
}
