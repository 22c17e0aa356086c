/// UTF-8 that was once decoded as Mac Roman and encoded again: `✅` became `‚úÖ`.
///
/// The damage is reversible: encode as Mac Roman, decode as UTF-8.
/// - Source: the Mac OS Roman table of unicode.org/Public/MAPPINGS/VENDORS/APPLE/ROMAN.TXT.
enum MacRomanMojibake {
    /// Bytes 0x80 to 0xFF in order.
    private static let upperHalf = Array(
        ("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
            + "¿¡¬√ƒ≈∆«»…\u{A0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{F8FF}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ")
            .unicodeScalars)

    private static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
        uniqueKeysWithValues: upperHalf.enumerated().map { ($1, UInt8($0 + 0x80)) })

    /// Repairs the lines that are mojibake beyond doubt.
    ///
    /// A line is repaired when each of its runs of non-ASCII characters reverses to valid UTF-8,
    /// and some line of the text holds a run that reverses to a character of three or more bytes:
    /// two-byte matches alone ("√π") can be what was meant.
    ///
    /// - Returns: the 1-based numbers of the repaired lines, rising.
    static func repair(_ lines: inout [String]) -> [Int] {
        var repairs: [(index: Int, text: String)] = []
        var isCertain = false
        for (index, line) in lines.enumerated() where !line.utf8.allSatisfy({ $0 < 0x80 }) {
            guard let text = reversed(line) else { continue }
            repairs.append((index, text))
            isCertain = isCertain || text.unicodeScalars.contains { $0.value >= 0x800 }
        }
        guard isCertain else { return [] }
        for repair in repairs { lines[repair.index] = repair.text }
        return repairs.map { $0.index + 1 }
    }

    /// Whether the character is one that, reversed, goes on with the character before it.
    static func isContinuation(_ scalar: Unicode.Scalar) -> Bool {
        bytes[scalar].map { $0 & 0xC0 == 0x80 } ?? false
    }

    /// The line with every non-ASCII run reversed; nil where one cannot be.
    static func reversed(_ line: String) -> String? {
        var result: [UInt8] = []
        for scalar in line.unicodeScalars {
            if scalar.isASCII {
                result.append(UInt8(scalar.value))
            } else if let byte = bytes[scalar] {
                result.append(byte)
            } else {
                return nil
            }
        }
        return String(validating: result, as: UTF8.self)
    }
}
