/// Tells names that people give from what a machine drew by lot.
extension SecretValue {
    private static let separators = Array("-_./:@+".utf8)
    /// How many digits may follow the letters of a word.
    private static let digitLimit = 4
    /// How long an unlikely word may be that stands among likely ones.
    private static let oddByteLimit = 6
    /// How many letters stand, on average, from one change between capital and small to the next;
    /// by chance there are two.
    private static let lettersPerChange = 3

    /// Whether it is made of words and numbers: `grafana-admin-creds-v2`, `secretKeyRef`.
    ///
    /// A third of it may be odd words of up to six bytes, as in `default-token-x7k2p`.
    var isPlainName: Bool {
        var oddCount = 0
        for part in unescaped.split(whereSeparator: Self.separators.contains) {
            let word = SecretValue(part)
            guard !word.isWord else { continue }
            guard part.count <= Self.oddByteLimit else { return false }
            oddCount += part.count
        }
        return oddCount * 3 <= bytes.count
    }

    /// With a separator for each `%2F` and the like.
    private var unescaped: [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let isEscape =
                bytes[index] == UInt8(ascii: "%")
                && bytes[index...].dropFirst().prefix(2).allSatisfy(Alphabet.hexadecimal.contains)
            result.append(isEscape ? Self.separators[0] : bytes[index])
            index += isEscape ? 3 : 1
        }
        return result
    }

    /// Whether it is a number, or words, a few digits and perhaps words again: `leaf1Key`.
    var isWord: Bool {
        let left = bytes.prefix { !Alphabet.digits.contains($0) }
        let digits = bytes[left.endIndex...].prefix(while: Alphabet.digits.contains)
        let right = bytes[digits.endIndex...]
        if left.isEmpty, right.isEmpty { return true }
        let letters = left + right
        guard !left.isEmpty, digits.count <= Self.digitLimit, letters.allSatisfy(Self.isLetter)
        else { return false }
        if let first = right.first, !Self.isCapital(first) || right.count < 3 { return false }
        let changes = zip(letters, letters.dropFirst()).count {
            Self.isCapital($0) != Self.isCapital($1)
        }
        return changes * Self.lettersPerChange <= letters.count
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
