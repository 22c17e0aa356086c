/// What stands in the place of a secret: `‹secret:family:hmac8›`.
enum SecretPlaceholder {
    static let opening = Array("‹secret:".utf8)
    private static let closing = Array("›".utf8)
    private static let digitCount = 8

    /// The placeholder in UTF-8.
    static func bytes(family: String, digits: [UInt8]) -> [UInt8] {
        opening + Array(family.utf8) + [UInt8(ascii: ":")] + digits + closing
    }

    /// Where a placeholder that begins here ends; nil for anything else, so that nobody can hide a
    /// secret between such marks.
    static func end(in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.has(opening, at: start) else { return nil }
        let family = start + opening.count
        var colon = family
        while colon < bytes.count, Alphabet.name.contains(bytes[colon]) { colon += 1 }
        let end = colon + 1 + digitCount
        guard colon > family, bytes.has(closing, at: end), bytes[colon] == UInt8(ascii: ":"),
            SecretFamilies.placeholderWords.contains(Array(bytes[family..<colon])),
            bytes[(colon + 1)..<end].allSatisfy(Alphabet.hexadecimal.contains)
        else { return nil }
        return end + closing.count
    }
}
