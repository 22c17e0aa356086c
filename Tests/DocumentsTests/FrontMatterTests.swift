import Documents
import Testing

struct FrontMatterTests {
    private func block(_ text: String) -> FrontMatter? { FrontMatter(SourceText(Array(text.utf8))) }

    private func check(
        _ yaml: String, _ expected: [String: MetadataValue],
        at location: SourceLocation = #_sourceLocation
    ) {
        let found = block("---\n\(yaml)\n---\ntext\n")
        #expect(found?.problem == nil, sourceLocation: location)
        #expect(found?.values == expected, sourceLocation: location)
    }

    @Test func `scalars keep the text that was written`() {
        check(
            "a: 1\nb: 007\nc: yes\nd: 2026-11-23\ne: ~\nf: 1e3\ng:",
            [
                "a": .text("1"), "b": .text("007"), "c": .text("yes"), "d": .text("2026-11-23"),
                "e": .text("~"), "f": .text("1e3"), "g": .text(""),
            ])
        check(#"a: "q\n\"x""# + "\nb: 'it''s'", ["a": .text("q\n\"x"), "b": .text("it's")])
        check("a: b # comment", ["a": .text("b")])
        check("a: http://x:80/#y", ["a": .text("http://x:80/#y")])
    }

    @Test func `dotted keys and shell defaults are plain text`() {
        check("memory.kv: x\na.b.c: y", ["memory.kv": .text("x"), "a.b.c": .text("y")])
        check("region: ${AWS_REGION:-us-east-1}", ["region": .text("${AWS_REGION:-us-east-1}")])
        check("paths:\n  - ${HOME:-/root}/x", ["paths": .list([.text("${HOME:-/root}/x")])])
    }

    @Test func `lists and maps nest`() {
        check("tags: [a, \"b c\", 3]", ["tags": .list([.text("a"), .text("b c"), .text("3")])])
        check("tags: []\nmap: {}", ["tags": .list([]), "map": .map([:])])
        check(
            "a:\n  b:\n    - c: d\n      e: [f]\n    - g",
            [
                "a": .map([
                    "b": .list([.map(["c": .text("d"), "e": .list([.text("f")])]), .text("g")])
                ])
            ])
        check("a: {b: {c: d}}", ["a": .map(["b": .map(["c": .text("d")])])])
    }

    @Test func `block scalars keep their lines`() {
        check(
            "a: |\n  one\n  two\nb: >\n  three\n  four\nc: |-\n  five\n  ---",
            [
                "a": .text("one\ntwo\n"), "b": .text("three four\n"), "c": .text("five\n---"),
            ])
    }

    @Test func `aliases repeat their anchor`() {
        check("a: &x [1]\nb: *x", ["a": .list([.text("1")]), "b": .list([.text("1")])])
    }

    @Test func `an empty block is a block`() {
        check("", [:])
        check("# only a comment", [:])
        #expect(block("---\n---\n")?.lines == 1...2)
        #expect(block("---\n---")?.problem == nil)
    }

    @Test func `only line 1 opens a block`() {
        #expect(block("\n---\na: b\n---\n") == nil)
        #expect(block("# Title\n---\na: b\n---\n") == nil)
        #expect(block(" ---\na: b\n---\n") == nil)
        #expect(block("----\na: b\n----\n") == nil)
        #expect(block("--- a: b\n---\n") == nil)
        #expect(block("") == nil)
        #expect(block("---") == nil)
    }

    @Test func `a block that nothing closes is none`() {
        #expect(block("---\na: b\n") == nil)
        #expect(block("---\na: b\n ---\n") == nil)
        #expect(block("---\na: b\n----\n") == nil)
    }

    @Test func `delimiters may be dots, have spaces after them, and CRLF`() {
        for text in [
            "---\na: b\n...\nx", "--- \t\na: b\n---  \nx", "---\r\na: b\r\n---\r\nx",
            "\u{FEFF}---\na: b\n---\nx",
        ] {
            #expect(block(text)?.lines == 1...3)
            #expect(block(text)?.values == ["a": .text("b")])
        }
    }

    @Test func `the first closing line counts`() {
        let found = block("---\na: b\n---\nc: d\n---\n")
        #expect(found?.lines == 1...3)
        #expect(found?.values == ["a": .text("b")])
    }

    @Test func `broken YAML is a problem with its line`() {
        for (text, line) in [
            ("---\na: b\nc: \"open\nd: e\n---\n", 3...5),
            ("---\na: b\n\tc: d\n---\n", 3...3),
            ("---\na: b\nc: d: e\n---\n", 3...3),
            ("---\na: [1, 2\nb: c\n---\n", 2...4),
            ("---\na: *nowhere\n---\n", 2...2),
            ("---\nx: y\na: @at\n---\n", 3...3),
            ("---\na: 1\nb: 2\na: 3\n---\n", 2...4),
        ] {
            let found = block(text)
            #expect(found?.values == [:])
            #expect(found.map { line.contains($0.problem?.line ?? 0) } == true, "\(text)")
            #expect(found?.problem?.reason.isEmpty == false)
        }
    }

    @Test func `a key twice is named as what is wrong`() {
        let problem = block("---\nx: 1\na: 1\na: 2\n---\n")?.problem
        #expect(problem?.reason.contains("duplicate") == true, "\(problem?.reason ?? "none")")
    }

    @Test func `what is no map is a problem`() {
        for yaml in ["- a\n- b", "just text", "[a]", "42"] {
            let found = block("---\n\(yaml)\n---\n")
            #expect(found?.values == [:] && found?.problem?.line == 2, "\(yaml)")
        }
    }

    @Test func `control characters are a problem`() {
        #expect(block("---\na: \u{1}\n---\n")?.problem != nil)
    }

    @Test func `members and texts of values`() {
        let value = MetadataValue.map(["a": .list([.text("x"), .map([:]), .text("y")])])
        #expect(value["a"]?.texts == ["x", "y"])
        #expect(value["b"] == nil && value.text == nil && value.texts == [])
        #expect(MetadataValue.text("z").texts == ["z"])
        #expect(MetadataValue.text("z")["a"] == nil)
    }
}
