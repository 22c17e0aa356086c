import Retrieval
import TestSupport
import Testing

/// Which texts say the same.
@Suite struct TextPrintTests {
    static let text = """
        Restart the worker on every host, one after the other, and watch the depth of the queue. It
        falls within a few minutes; when it does not, the broker is the culprit and the worker only
        suffers. Tell the team on call before you touch the broker, and note what you saw.
        """

    func check(
        _ left: String, _ right: String, _ expected: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let groups = Folding.groups(of: [TextPrint(left), TextPrint(right)])
        #expect(groups == (expected ? [[0, 1]] : [[0], [1]]), sourceLocation: sourceLocation)
    }

    @Test func `white space, case and a word of the prose do not matter`() {
        check(Self.text, Self.text, true)
        check(Self.text, Self.text.uppercased(), true)
        check(Self.text, Self.text.replacing("\n", with: "  \r\n\t"), true)
        let long = Self.text + " " + Self.text.split(separator: " ").sorted().joined(separator: " ")
        check(long, long.replacing("culprit and", with: "reason and"), true)
        check(Self.text, Self.text + " Thanks.", true)
    }

    @Test func `front matter does not matter`() {
        check("---\nverified_at: 2026-01-01\n---\n" + Self.text, Self.text, true)
        check("---\na: 1\n...\n" + Self.text, "---\nb: 2\n---\n" + Self.text, true)
        check("---\nnever closed 17\n" + Self.text, Self.text, false)
    }

    @Test func `numbers, names, paths and flags matter`() {
        for (one, other) in [
            ("port 8080", "port 9090"), ("agent-mesh-prod", "agent-mesh-stage"),
            ("/etc/a", "/etc/b"), ("--force", "--dry-run"), ("$PROD", "$STAGE"),
            ("max_connections", "min_connections"),
        ] {
            let (left, right) = ("\(Self.text) Use \(one).", "\(Self.text) Use \(other).")
            check(left, right, false)
            check(left, left.lowercased(), true)
        }
    }

    @Test func `other prose is another text`() {
        check(
            Self.text,
            Self.text + " " + Self.text.split(separator: " ").reversed().joined(separator: " "),
            false)
        check(Self.text, String(Self.text.prefix(Self.text.count / 2)), false)
    }

    @Test func `a few words are never a copy`() {
        check("see also the index", "see also the index", false)
        check("", "", false)
        check("one two three four five six", "one two three four five six", true)
    }

    @Test func `the part that is shared is that of a count by hand`() {
        var generator = SeededGenerator(seed: 7)
        var seen: Set<Bool> = []
        for _ in 0..<2000 {
            let count = Int.random(in: 6...60, using: &generator)
            let left = (0..<count).map { _ in
                String("abcdefgh".randomElement(using: &generator) ?? "a")
            }
            var right = left
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                right[Int.random(in: 0..<count, using: &generator)] = "z"
            }
            func shingles(_ words: [String]) -> Set<[String]> {
                Set((0...(words.count - 3)).map { Array(words[$0..<($0 + 3)]) })
            }
            let (a, b) = (shingles(left), shingles(right))
            let isNearly =
                Double(a.intersection(b).count) >= 0.9 * Double(a.union(b).count) - 1e-12
            seen.insert(isNearly)
            check(left.joined(separator: " "), right.joined(separator: " "), isNearly)
        }
        #expect(seen == [true, false])
    }

    @Test func `each text stands in one group, under its first`() throws {
        let other = String(Self.text.reversed())
        let prints = [Self.text, other, "short", Self.text.lowercased(), other, "short"]
        #expect(
            Folding.groups(of: prints.map(TextPrint.init)) == [[0, 3], [1, 4], [2], [5]])
        #expect(Folding.groups(of: []).isEmpty)
        #expect(Folding.groups(of: [nil, nil]) == [[0], [1]])
    }
}
