import Documents
import TestSupport
import Testing

/// Blocks made to crash a reader or to keep it busy for ever.
struct HostileFrontMatterTests {
    private func expectProblem(
        _ yaml: String, at location: SourceLocation = #_sourceLocation
    ) {
        let found = FrontMatter(SourceText(Array("---\n\(yaml)\n---\n".utf8)))
        #expect(found?.problem != nil, sourceLocation: location)
        #expect(found?.values.isEmpty == true, sourceLocation: location)
    }

    private static func bomb(levels: Int, last: String) -> String {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        for level in 1...levels {
            let references = [String](repeating: "*a\(level - 1)", count: 9)
            lines.append("a\(level): &a\(level) [\(references.joined(separator: ", "))]")
        }
        return (lines + [last]).joined(separator: "\n")
    }

    @Test func `an alias bomb is a problem`() {
        expectProblem(Self.bomb(levels: 9, last: "z: *a9"))
        expectProblem(Self.bomb(levels: 30, last: "z: *a30"))
    }

    /// A composer that hashes keys expands the bomb when it is one.
    @Test func `an alias bomb as a key does not keep the reader busy`() async {
        await #expect(processExitsWith: .success) {
            ProcessorTime.limit(seconds: 5)
            let yaml = Self.bomb(levels: 9, last: "z: {? *a9 : 1, b: 2}")
            let found = FrontMatter(SourceText(Array("---\n\(yaml)\n---\n".utf8)))
            #expect(found?.problem != nil)
        }
    }

    @Test(arguments: ["[", "{a: ", "[{a: ", "- ", "? ", "- - ", "? - "])
    func `ten thousand levels are a problem`(opening: String) {
        expectProblem("a:\n  " + String(repeating: opening, count: 10_000))
        expectProblem("a: " + String(repeating: opening, count: 10_000))
    }

    @Test func `ten thousand closed levels are a problem`() {
        expectProblem(
            "a: " + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000))
    }

    /// Closing brackets in a text must not buy depth for the brackets after it.
    @Test func `brackets that close nothing do not hide those that open`() {
        expectProblem(
            "a: \"" + String(repeating: "]", count: 20_000) + "\"\nb: "
                + String(repeating: "[", count: 20_000))
        expectProblem(
            "# " + String(repeating: "}", count: 900) + "\nb: " + String(repeating: "[", count: 900)
                + String(repeating: "]", count: 900))
    }

    @Test func `levels by indentation do not crash`() {
        let lines = (0..<340).map { String(repeating: " ", count: $0) + "k:" }
        _ = FrontMatter(SourceText(Array("---\n\(lines.joined(separator: "\n"))\n---\n".utf8)))
    }

    @Test func `a block over the limit is a problem`() {
        expectProblem("a: " + String(repeating: "x", count: 70_000))
        let many = (0..<9000).map { "\($0):" }.joined(separator: "\n")
        #expect(FrontMatter(SourceText(Array("---\n\(many)\n---\n".utf8)))?.values.count == 9000)
        expectProblem((0..<10_001).map { "\($0):" }.joined(separator: "\n"))
    }

    @Test func `an alias to itself is a problem`() {
        expectProblem("a: &a [*a]")
        expectProblem("a: &a {b: *a}")
    }
}
