import StrictJSON
import TestSupport
import Testing

/// Strings: escapes, surrogates, UTF-8; and broken documents of every length.
struct StrictJSONTextTests {
    private func check(
        _ text: String, _ expected: String, at location: SourceLocation = #_sourceLocation
    ) {
        let found = try? StrictJSON.parse(text.utf8).string
        #expect(found.map { Array($0.utf8) } == Array(expected.utf8), sourceLocation: location)
    }

    private func refuse(
        _ bytes: [UInt8], _ error: JSONError, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: location) { try StrictJSON.parse(bytes) }
    }

    @Test func `escapes of the grammar`() {
        check(#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t")
        check(#""\u0041\u00e9\u20AC""#, "A\u{E9}\u{20AC}")
        check(#""\u0000""#, "\0")
        check(#""\ufeff""#, "\u{FEFF}")
        check("\"e\u{301}\"", "e\u{301}")
        check("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}")
    }

    @Test func `other escapes are refused`() {
        for escape in ["x41", "a", "'", "U0041", "0", "\n", " "] {
            refuse(Array("\"\\\(escape)\"".utf8), .syntax(offset: 2))
        }
        refuse(Array(#""\u00g0""#.utf8), .syntax(offset: 5))
        refuse(Array(#""\u+041""#.utf8), .syntax(offset: 3))
        refuse(Array(#""\u 041""#.utf8), .syntax(offset: 3))
        refuse(Array("\"\\u００41\"".utf8), .syntax(offset: 3))
    }

    @Test func `control characters must be escaped`() {
        for byte in UInt8(0)..<0x20 { refuse([0x22, byte, 0x22], .syntax(offset: 1)) }
    }

    @Test func `surrogates come in pairs`() {
        check(#""\ud83d\ude00""#, "\u{1F600}")
        check(#""\uDBFF\uDFFF""#, "\u{10FFFF}")
        check(#""\uD800\uDC00""#, "\u{10000}")
        for lone in [
            #""\ud83d""#, #""\ude00""#, #""\ude00\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#,
            #""\ud83d\ud83d\ude00""#, #""\ud83d\u0041""#,
        ] {
            #expect(throws: JSONError.badText(offset: 3), "\(lone)") {
                try StrictJSON.parse(lone.utf8)
            }
        }
    }

    @Test func `a lone surrogate is refused in a key too`() {
        refuse(Array(#"{"\ud800":1}"#.utf8), .badText(offset: 4))
    }

    @Test func `invalid UTF-8 is refused`() {
        for bytes: [UInt8] in [
            [0x80], [0xFF], [0xC3], [0xC3, 0x28], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] {
            #expect(throws: JSONError.badText(offset: 0), "\(bytes)") {
                try StrictJSON.parse([0x22] + bytes + [0x22])
            }
            #expect(throws: JSONError.badText(offset: 1), "\(bytes)") {
                try StrictJSON.parse([0x7B, 0x22] + bytes + [0x22, 0x3A, 0x31, 0x7D])
            }
        }
    }

    private static let document = """
        {"title": "caf\u{E9} \u{1F600}", "escapes": "\\u00e9\\ud83d\\ude00\\n\\"",
         "numbers": [0, -1, 2.5, 1e-3, 9223372036854775807], "flags": [true, false, null],
         "nested": {"deep": [[{}], []]}, "e\u{301}": ""}
        """

    @Test func `every proper prefix of a document is truncated`() {
        let bytes = Array(Self.document.utf8)
        #expect(throws: Never.self) { try StrictJSON.parse(bytes) }
        for length in 0..<bytes.count {
            #expect(throws: JSONError.truncated, "\(length) bytes") {
                try StrictJSON.parse(bytes[..<length])
            }
        }
    }

    @Test func `no change of one byte traps, and what is taken has a canonical form`() throws {
        var generator = SeededGenerator(seed: 12)
        let document = Array(Self.document.utf8)
        for _ in 0..<20_000 {
            var bytes = document
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            guard let value = try? StrictJSON.parse(bytes) else { continue }
            #expect(try StrictJSON.parse(value.canonicalBytes) == value)
        }
    }
}
