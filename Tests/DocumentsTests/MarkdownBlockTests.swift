import Documents
import Testing

struct MarkdownBlockTests {
    private func check(
        _ text: String, _ expected: [(MarkdownBlock.Kind, ClosedRange<Int>)],
        at location: SourceLocation = #_sourceLocation
    ) {
        let source = SourceText(Array(text.utf8))
        let blocks = MarkdownBlock.blocks(of: source, after: FrontMatter(source))
        #expect(blocks.map(\.kind) == expected.map(\.0), sourceLocation: location)
        #expect(blocks.map(\.lines) == expected.map(\.1), sourceLocation: location)
    }

    @Test func `headings have a level and a text`() {
        check("# One", [(.heading(level: 1, text: "One"), 1...1)])
        check("###### Six ##", [(.heading(level: 6, text: "Six"), 1...1)])
        check("   ## Two#", [(.heading(level: 2, text: "Two#"), 1...1)])
        check("#", [(.heading(level: 1, text: ""), 1...1)])
        check("#\tTab", [(.heading(level: 1, text: "Tab"), 1...1)])
    }

    /// `### ###` is an empty heading (CommonMark 0.31, example 79).
    @Test func `a heading of closing marks only is empty`() {
        check("## ##", [(.heading(level: 2, text: ""), 1...1)])
    }

    @Test func `what is no heading is text`() {
        for text in ["#One", "####### Seven", "    # code", "\\# not"] {
            check(text, [(.text, 1...1)])
        }
    }

    @Test func `underlined headings take two lines`() {
        check("One\n===", [(.heading(level: 1, text: "One"), 1...2)])
        check("Two\n---\nx", [(.heading(level: 2, text: "Two"), 1...2), (.text, 3...3)])
        check("- item\n---", [(.text, 1...2)])
        check("\n---", [(.blank, 1...1), (.text, 2...2)])
    }

    @Test func `fences run to a fence of their kind`() {
        check("```sh\nls\n```", [(.fence(language: "sh"), 1...3)])
        check("~~~\n```\n~~~", [(.fence(language: ""), 1...3)])
        check("````\n```\n````\nx", [(.fence(language: ""), 1...3), (.text, 4...4)])
        check("```\n``` x\n```", [(.fence(language: ""), 1...3)])
        check("  ```Bash {.a}\n  x\n  ```", [(.fence(language: "bash"), 1...3)])
        check("```python,linenos\n```", [(.fence(language: "python"), 1...2)])
        check("```sh\n# no heading\n\n| a |\n|---|\n```", [(.fence(language: "sh"), 1...6)])
        check("```js\n`````", [(.fence(language: "js"), 1...2)])
    }

    @Test func `a fence that nothing closes runs to the end`() {
        check("```\na\n\n# b", [(.fence(language: ""), 1...4)])
        check("```", [(.fence(language: ""), 1...1)])
    }

    @Test func `ticks within a line open no fence`() {
        check("```inline```", [(.text, 1...1)])
        check("a ```", [(.text, 1...1)])
        check("``", [(.text, 1...1)])
    }

    @Test func `tables need a delimiter row`() {
        check("| a | b |\n|---|---|\n| 1 | 2 |", [(.table, 1...3)])
        check("a | b\n:-- | --:\n1 | 2\nafter", [(.table, 1...3), (.text, 4...4)])
        check("| a |\n| b |", [(.text, 1...2)])
        check("intro\n| a |\n|---|\n| 1 |", [(.text, 1...1), (.table, 2...4)])
        check("| a |\n|---|\n\n| b |", [(.table, 1...2), (.blank, 3...3), (.text, 4...4)])
    }

    /// "The table is broken at the first empty line, or beginning of another block-level
    /// structure" (GFM 4.10).
    @Test func `a table ends where another block begins`() {
        check(
            "| a |\n|---|\n| 1 |\n# b | c",
            [(.table, 1...3), (.heading(level: 1, text: "b | c"), 4...4)])
        check(
            "| a |\n|---|\n```sh | x\nls | wc\n```",
            [(.table, 1...2), (.fence(language: "sh"), 3...5)])
    }

    @Test func `front matter is one block`() {
        check(
            "---\ntitle: x\n---\n# T",
            [(.frontMatter, 1...3), (.heading(level: 1, text: "T"), 4...4)])
    }

    @Test func `blocks follow one another without a blank line`() {
        check(
            "text\n# H\ntext\n```\nx\n```\ntext",
            [
                (.text, 1...1), (.heading(level: 1, text: "H"), 2...2), (.text, 3...3),
                (.fence(language: ""), 4...6), (.text, 7...7),
            ])
    }

    @Test func `blank lines are one block`() {
        check("\n \t\n\u{A0}\nx\n\n", [(.blank, 1...3), (.text, 4...4), (.blank, 5...5)])
        check("", [])
    }
}
