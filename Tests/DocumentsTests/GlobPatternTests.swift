import Documents
import TestSupport
import Testing

struct GlobPatternTests {
    private func check(
        _ pattern: String, matches: [String], misses: [String] = [],
        at location: SourceLocation = #_sourceLocation
    ) {
        let glob = GlobPattern(pattern)
        for path in matches {
            #expect(glob.matches(path), "\(pattern) on \(path)", sourceLocation: location)
        }
        for path in misses {
            #expect(!glob.matches(path), "\(pattern) on \(path)", sourceLocation: location)
        }
    }

    @Test func `a star stops at a slash`() {
        check(
            "docs/*.md", matches: ["docs/a.md", "docs/.md"], misses: ["docs/a/b.md", "docs/a.txt"])
        check("*/a", matches: ["x/a"], misses: ["a", "x/y/a"])
        check("a*b*c/x", matches: ["abc/x", "a1b2c/x", "abbcc/x"], misses: ["acb/x", "ab/c/x"])
    }

    @Test func `two stars cross slashes`() {
        check(
            "docs/**/a.md", matches: ["docs/a.md", "docs/x/a.md", "docs/x/y/a.md"], misses: ["a.md"]
        )
        check("**/a.md", matches: ["a.md", "x/a.md", "x/y/a.md"], misses: ["xa.md", "a.md/x"])
        check("docs/**", matches: ["docs/a", "docs/a/b"], misses: ["doc/a", "x/docs/a"])
        check("a**b/c", matches: ["ab/c", "axb/c"], misses: ["a/b/c"])
        check("**/x/**/y", matches: ["x/y", "a/x/b/c/y", "x/x/y/y"], misses: ["x", "y/x"])
    }

    @Test func `without a slash a pattern matches a name anywhere`() {
        check("*.md", matches: ["a.md", "x/y/a.md"], misses: ["a.md/x", "a.mdx"])
        check("README", matches: ["README", "x/README"], misses: ["README.md", "xREADME"])
    }

    @Test func `a question mark is one byte of a name`() {
        check("a?c/x", matches: ["abc/x", "a?c/x"], misses: ["ac/x", "abbc/x", "a/c/x"])
    }

    @Test func `classes`() {
        check("[a-c].md", matches: ["a.md", "b.md"], misses: ["d.md", "ab.md", "-.md"])
        check("[!a-c].md", matches: ["d.md", "-.md"], misses: ["a.md", ".md"])
        check("[^x].md", matches: ["y.md"], misses: ["x.md"])
        check("[]x].md", matches: ["].md", "x.md"], misses: ["y.md"])
        check("[!]].md", matches: ["x.md"], misses: ["].md"])
        check("[a-].md", matches: ["a.md", "-.md"], misses: ["b.md"])
        check("x[12][ab]", matches: ["x1a", "x2b"], misses: ["x1", "xa1"])
    }

    @Test func `a backslash takes the next mark as it is`() {
        check("\\*.md", matches: ["*.md"], misses: ["a.md"])
        check("\\[a].md", matches: ["[a].md"], misses: ["a.md"])
        check("a\\\\b", matches: ["a\\b"], misses: ["ab"])
    }

    @Test func `case and dots count`() {
        check("*.md", matches: [".hidden.md"], misses: ["A.MD"])
        check("a.md", matches: ["a.md"], misses: ["aXmd"])
    }

    @Test func `the empty pattern matches nothing`() {
        check("", matches: [], misses: ["a", "a/b"])
    }

    /// Swift takes a slash with an accent after it for one character, the system does not.
    @Test func `a slash is a slash whatever follows it`() {
        check("docs/*", matches: ["docs/\u{301}x"], misses: ["docs/\u{301}x/y"])
    }

    @Test func `many stars end`() {
        let name = String(repeating: "a", count: 5000)
        check(String(repeating: "*a", count: 400) + "b", matches: [], misses: [name])
        check(String(repeating: "*", count: 4000) + "b", matches: [], misses: [name])
    }

    @Test func `many double stars end`() async {
        await #expect(processExitsWith: .success) {
            ProcessorTime.limit(seconds: 5)
            let pattern = String(repeating: "**/a/", count: 20) + "b"
            let path = String(repeating: "a/", count: 60) + "c"
            #expect(!GlobPattern(pattern).matches(path))
        }
    }
}
