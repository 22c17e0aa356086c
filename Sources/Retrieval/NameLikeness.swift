/// How much a name resembles the names in a text; slips of the finger are forgiven.
package struct NameLikeness {
    private let wanted: [UInt8]
    private let wantedDigits: [UInt8]

    private static let fewestLetters = 5
    /// Names shorter than this are forgiven one slip, others two.
    private static let longName = 8

    /// The likeness to a name; nil for one of fewer than five letters and digits.
    package init?(_ name: String) {
        wanted = name.lowercased().utf8.filter { !Self.isMark($0) && !Self.isBoundary($0) }
        wantedDigits = wanted.filter(Self.isDigit)
        guard wanted.count >= Self.fewestLetters else { return nil }
    }

    /// The likeness of the name in a text that is nearest: 1 for the same letters and digits, whatever
    /// marks stand between them, less for each slip, and 0 where none is near.
    ///
    /// - Complexity: O(text), and O(name²) for each name of about its length.
    package func best(in text: String) -> Double {
        var best = 0.0
        var token: [UInt8] = []
        for byte in text.utf8 {
            if Self.isBoundary(byte) {
                best = max(best, likeness(of: token))
                token.removeAll(keepingCapacity: true)
            } else if !Self.isMark(byte) {
                token.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        return max(best, likeness(of: token))
    }

    private func likeness(of token: [UInt8]) -> Double {
        let slips = wanted.count < Self.longName ? 1 : 2
        guard abs(token.count - wanted.count) <= slips else { return 0 }
        // Another number is another thing.
        guard token.lazy.filter(Self.isDigit).elementsEqual(wantedDigits) else { return 0 }
        let distance = Self.distance(wanted, token)
        return distance <= slips ? 1 - Double(distance) / Double(wanted.count) : 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isBoundary(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: false
        default: !isMark(byte)
        }
    }

    /// How many letters were left out, put in, replaced, or exchanged with the next.
    ///
    /// - Source: optimal string alignment, after Damerau, CACM 7 (1964).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let width = right.count + 1
        var rows = [Int](repeating: 0, count: 3 * width)
        // Where each of the last rows begins; they take turns.
        var (before, last, next) = (0, width, 2 * width)
        for column in 0..<width { rows[last + column] = column }
        for row in left.indices {
            rows[next] = row + 1
            for column in right.indices {
                let isSame = left[row] == right[column]
                var least = min(
                    rows[last + column] + (isSame ? 0 : 1), rows[last + column + 1] + 1,
                    rows[next + column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    least = min(least, rows[before + column - 1] + 1)
                }
                rows[next + column + 1] = least
            }
            (before, last, next) = (last, next, before)
        }
        return rows[last + right.count]
    }
}
