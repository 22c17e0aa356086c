import Documents
import Foundation
import TestSupport
import Testing

/// Mac Roman mojibake is repaired in the text of lines, and nothing else is.
struct MojibakeTests {
    private func check(
        _ text: String, _ expected: String, repaired: [Int],
        at location: SourceLocation = #_sourceLocation
    ) {
        let source = SourceText(Array(text.utf8))
        #expect(source.lines.joined(separator: "\n") == expected, sourceLocation: location)
        #expect(source.repairedLines == repaired, sourceLocation: location)
    }

    @Test func `characters of three and four bytes are repaired`() {
        check("requires ‚úÖ now", "requires ✅ now", repaired: [1])
        check("a ‚Üí b ‚Äî c", "a → b — c", repaired: [1])
        check("‚ö†Ô∏è **Networking**", "⚠️ **Networking**", repaired: [1])
        check("üî¥ **Aurora**\n\u{F8FF}üöÄ", "üî¥ **Aurora**\n🚀", repaired: [2])
        check("\u{F8FF}üî¥ x", "🔴 x", repaired: [1])
    }

    /// The first byte of a four-byte character, 0xF0, is Apple's logo in Mac Roman; what strips
    /// private characters leaves a run that reverses to no UTF-8.
    @Test func `what cannot be reversed stays`() {
        check("‚úÖ fine\nüî¥ stripped", "✅ fine\nüî¥ stripped", repaired: [1])
        check("mixed ‚úÖ and 日本", "mixed ‚úÖ and 日本", repaired: [])
    }

    @Test func `two-byte runs are repaired only beside certain ones`() {
        check("caf√©", "caf√©", repaired: [])
        check("caf√©\n‚úÖ", "café\n✅", repaired: [1, 2])
    }

    @Test func `what was meant is left alone`() {
        for text in [
            "√π", "naïve café", "Zürich, Ærø, Ålesund", "“quoted” – dashed… ‘single’", "x ≤ y ≠ z",
            "∑ of Ω", "日本語 🚀 ✅ →", "é", "ÉÈ", "± 5 µm ©®™", "¿Qué? ¡Sí!", "Straße Ÿ", "",
            "°C † ‡ · •", "ÀÃÕ Œœ", "10 € and £5", "\u{F8FF} logo", "a\u{A0}b",
        ] {
            check(text, text, repaired: [])
        }
    }

    /// Characters of the Latin, Greek, mathematical and emoji blocks, damaged by another program.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
    func `damage is reversed exactly`() throws {
        let folder = try TemporaryFolder()
        let values = Array(0xA1...0x3FF) + Array(0x2010...0x27BF) + Array(0x1F300...0x1F64F)
        let original = values.map { "✅ \(String(Unicode.Scalar(UInt32($0)) ?? " "))" }
        try folder.write(original.joined(separator: "\n"), to: "original")
        let script = """
            text = open("original", "rb").read().decode("mac_roman")
            open("damaged", "wb").write(text.encode())
            """
        let result = try BuiltBinary(in: folder.path).shortShell("python3 -c '\(script)'")
        try #require(result.status == 0, "\(result.errors)")
        let damaged = try Data(contentsOf: folder.url.appending(path: "damaged"))
        let source = SourceText(Array(damaged))
        let wrong = zip(source.lines, original).filter { Array($0.0.utf8) != Array($0.1.utf8) }
        #expect(wrong.map(\.1) == [])
        #expect(source.repairedLines.count == original.count)
    }

    private static let seed = SharedData.folder?.deletingLastPathComponent()
        .appending(path: "seed/conductor.md")

    @Test(.enabled(if: seed.map { FileManager.default.fileExists(atPath: $0.path) } ?? false))
    func `the seed's agent definition is repaired`() throws {
        let bytes = try Array(Data(contentsOf: #require(Self.seed)))
        let source = SourceText(bytes)
        #expect(source.repairedLines.count > 10)
        let text = source.lines.joined(separator: "\n")
        #expect(text.contains("requires Critic ✅"))
        #expect(text.contains("(read_only → dry_run)"))
        #expect(text.contains("⚠️ **Networking**"))
        for remainder in ["‚úÖ", "‚Üí", "‚ö†Ô∏è", "\u{F8FF}"] { #expect(!text.contains(remainder)) }
        #expect(source.bytes == bytes)
        // A line without damage is the file's own.
        for line in 1...source.lines.count where !source.repairedLines.contains(line) {
            #expect(source.lines[line - 1] == source.rawText(of: line...line))
        }
    }
}
