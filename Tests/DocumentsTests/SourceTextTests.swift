import Documents
import Foundation
import TestSupport
import Testing

struct SourceTextTests {
    private func check(
        _ text: String, _ lines: [String], at location: SourceLocation = #_sourceLocation
    ) {
        check(Array(text.utf8), lines, at: location)
    }

    private func check(
        _ bytes: [UInt8], _ lines: [String], invalid: [Int] = [],
        at location: SourceLocation = #_sourceLocation
    ) {
        let source = SourceText(bytes)
        #expect(source.lines == lines, sourceLocation: location)
        #expect(source.invalidLines == invalid, sourceLocation: location)
        #expect(source.bytes == bytes, sourceLocation: location)
        guard !lines.isEmpty else { return }
        // The lines' ranges tile the file.
        var end = 0
        for line in 1...source.lines.count {
            let range = source.byteRange(of: line...line)
            #expect(range.lowerBound == end && !range.isEmpty, sourceLocation: location)
            end = range.upperBound
        }
        #expect(end == bytes.count, sourceLocation: location)
        #expect(source.byteRange(of: 1...lines.count) == 0..<bytes.count)
    }

    @Test func `lines end at LF`() {
        check("", [])
        check("a", ["a"])
        check("a\n", ["a"])
        check("a\nb", ["a", "b"])
        check("\n", [""])
        check("\n\n", ["", ""])
        check("a\n\nb\n", ["a", "", "b"])
    }

    @Test func `a CR before an LF is no text`() {
        check("a\r\nb\r\n", ["a", "b"])
        check("\r\n\r\n", ["", ""])
        check("a\r\r\nb", ["a\r", "b"])
        check("a\r\nb\nc", ["a", "b", "c"])
    }

    @Test func `a lone CR ends no line`() {
        check("a\rb\nc", ["a\rb", "c"])
        check("a\rb", ["a\rb"])
    }

    @Test func `other line separators end no line`() {
        check(
            "a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f\ng",
            ["a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f", "g"])
    }

    @Test func `a byte order mark is no text`() {
        check("\u{FEFF}# Title\nx", ["# Title", "x"])
        check("\u{FEFF}", [""])
        check("\u{FEFF}\n", [""])
        check("a\n\u{FEFF}b", ["a", "\u{FEFF}b"])
        check([0xEF, 0xBB], ["\u{FFFD}"], invalid: [1])
    }

    @Test func `invalid bytes are shown as replacements and reported by line`() {
        check(
            [0x61, 0xFF, 0x0A, 0x62, 0x0A, 0xC3], ["a\u{FFFD}", "b", "\u{FFFD}"], invalid: [1, 3])
        check([0xED, 0xA0, 0x80], ["\u{FFFD}\u{FFFD}\u{FFFD}"], invalid: [1])
        // A character cut by a line end is broken in both lines.
        check([0xC3, 0x0A, 0xA9], ["\u{FFFD}", "\u{FFFD}"], invalid: [1, 2])
    }

    @Test func `byte ranges hold the line ends`() {
        let source = SourceText(Array("ab\r\ncd\n\nef".utf8))
        #expect(source.byteRange(of: 1...1) == 0..<4)
        #expect(source.byteRange(of: 2...3) == 4..<8)
        #expect(source.byteRange(of: 4...4) == 8..<10)
    }

    @Test func `raw text is the file's without the last line end`() {
        let source = SourceText(Array("ab\r\ncd\n\nef\u{E9}\r\n".utf8) + [0xFF])
        #expect(source.rawText(of: 2...2) == "cd")
        #expect(source.rawText(of: 2...3) == "cd\n")
        #expect(source.rawText(of: 3...3) == "")
        #expect(source.rawText(of: 5...5) == "\u{FFFD}")
    }

    @Test func `raw text of a line with CRLF has no line end either`() {
        let source = SourceText(Array("ab\r\ncd\r\n".utf8))
        #expect(source.rawText(of: 1...1) == "ab")
        #expect(source.rawText(of: 2...2) == "cd")
    }

    @Test func `raw text is not repaired`() {
        let source = SourceText(Array("‚úÖ done\n".utf8))
        #expect(source.lines == ["✅ done"])
        #expect(source.rawText(of: 1...1) == "‚úÖ done")
    }

    @Test func `random bytes are tiled by their lines`() {
        var generator = SeededGenerator(seed: 20)
        let alphabet: [UInt8] = [0x0A, 0x0D, 0x61, 0xC3, 0xA9, 0xEF, 0xBB, 0xBF, 0xE2, 0x80, 0xA8]
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            let source = SourceText(bytes)
            #expect(
                source.lines.count == bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                    .count - (bytes.isEmpty || bytes.last == 0x0A ? 1 : 0))
            check(bytes, source.lines, invalid: source.invalidLines)
        }
    }
}
