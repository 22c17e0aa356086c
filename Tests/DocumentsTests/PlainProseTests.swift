import Documents
import Testing

struct PlainProseTests {
    private func check(
        _ markdown: String, _ expected: String, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(PlainProse.text(of: markdown) == expected, sourceLocation: location)
    }

    @Test func `marks are taken off`() {
        check("**Check** the __logs__ of `api`", "Check the logs of api")
        check("see [the page](http://x/y) now", "see the page now")
        check("![alt](a.png) and [](b)", "alt and")
        check("  two\n  lines\t here ", "two lines here")
        check("", "")
    }

    @Test func `what is no mark stays`() {
        check("a * b, 2 > 1, [not a link]", "a * b, 2 > 1, [not a link]")
        check("snake_case", "snake_case")
    }

    @Test func `code keeps its ticks where asked`() {
        #expect(PlainProse.textWithCode(of: "run `ls -l` **now**") == "run `ls -l` now")
    }
}

struct TokenEstimateTests {
    private func check(
        _ text: String, _ expected: Int, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(TokenEstimate.tokens(in: text) == expected, "\(text)", sourceLocation: location)
    }

    @Test func `six bytes of a word are one token`() {
        check("", 0)
        check(" \n\t\r", 0)
        check("a", 1)
        check("abcdef", 1)
        check("abcdefg", 2)
        check("one two", 2)
        check(String(repeating: "a", count: 600), 100)
        check("日本", 1)
        check("日本語", 2)
    }

    @Test func `marks are tokens`() {
        check("a.b", 3)
        check("--", 2)
        check("snake_case", 3)
        check("a/b/c.md", 7)
    }

    @Test func `a substring counts like a string`() {
        #expect(TokenEstimate.tokens(in: "hello world"[...]) == 2)
    }
}
