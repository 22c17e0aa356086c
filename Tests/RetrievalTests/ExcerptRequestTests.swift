import Retrieval
import Testing

/// The forms of what `get` is asked for.
@Suite struct ExcerptRequestTests {
    static func check(
        _ text: String, _ target: String, _ lines: ClosedRange<Int>?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            ExcerptRequest(text) == ExcerptRequest(target: target, lines: lines), "\(text)",
            sourceLocation: sourceLocation)
    }

    @Test func `a path alone is the whole file`() {
        for text in [
            "a.md", "docs/a b.md", "#abcdef", "#abc", "", ":", "a:", "a:b", "/abs/a.md", "a:b:c",
            "😀.md", "a#b", "a%20b",
        ] {
            Self.check(text, text, nil)
        }
    }

    @Test func `lines follow after colons`() {
        Self.check("a.md:3", "a.md", 3...3)
        Self.check("a.md:3:2", "a.md", 3...4)
        Self.check("a.md:3:1", "a.md", 3...3)
        Self.check("a.md:3-7", "a.md", 3...7)
        Self.check("a.md:3-3", "a.md", 3...3)
        Self.check("#abcdef:3-7", "#abcdef", 3...7)
        Self.check("a b:c.md:3-7", "a b:c.md", 3...7)
        Self.check("a:5:1-2", "a:5", 1...2)
        Self.check("a:10-20:3-7", "a:10-20", 3...7)
        Self.check("C:/x.md:3", "C:/x.md", 3...3)
        Self.check("a.md:007", "a.md", 7...7)
    }

    @Test func `numbers that cannot be lines belong to the path`() {
        for text in [
            "a.md:0", "a.md:0-5", "a.md:5-3", "a.md:-5", "a.md:5-", "a.md:1-2-3", "a.md:1.5",
            "a.md:99999999999999999999", "a.md:1-99999999999999999999", "a.md: 5", "a.md:5 ",
            "a.md:+5", "a.md:1-+5", "a.md:٣", "a.md:3:0", ":5", "a.md:0x5",
        ] {
            Self.check(text, text, nil)
        }
    }

    @Test func `large numbers do not overflow`() {
        let most = Int.max
        Self.check("a:\(most)", "a", most...most)
        Self.check("a:\(most):\(most)", "a", most...most)
        Self.check("a:2:\(most)", "a", 2...most)
        Self.check("a:1:\(most)", "a", 1...most)
        Self.check("a:1-\(most)", "a", 1...most)
    }
}
