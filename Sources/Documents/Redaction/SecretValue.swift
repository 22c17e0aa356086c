internal import Foundation

/// A value that stands where a secret would, and what it looks like.
///
/// Every property is O(bytes), for the few words and marks that are looked for.
struct SecretValue {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// Whether something fills it in later: `<token>`, `${TOKEN}`, `$TOKEN`, `%s`, `xxx`.
    var isTemplate: Bool {
        guard let first = bytes.first, let last = bytes.last else { return true }
        let rest = bytes.dropFirst()
        let second = rest.first ?? 0
        switch first {
        case UInt8(ascii: "<"): return true
        case UInt8(ascii: "{") where last == UInt8(ascii: "}"): return true
        case UInt8(ascii: "[") where last == UInt8(ascii: "]"): return true
        case UInt8(ascii: "%") where "s({".utf8.contains(second): return true
        case UInt8(ascii: "%") where last == first:
            if rest.dropLast().allSatisfy(Alphabet.word.contains) { return true }
        case UInt8(ascii: "$"):
            let isVariable =
                !Alphabet.digits.contains(second) && rest.allSatisfy(Alphabet.word.contains)
            if isVariable { return true }
        default: break
        }
        return bytes.allSatisfy { $0 == first } || ["${", "{{", "$("].contains { holds($0.utf8) }
    }

    /// Whether it has no more than three different bytes, or eight `x` in a row.
    var isFiller: Bool {
        if holds("xxxxxxxx".utf8) || holds("XXXXXXXX".utf8) { return true }
        var seen: [UInt8] = []
        for byte in bytes where !seen.contains(byte) {
            seen.append(byte)
            if seen.count > 3 { return false }
        }
        return true
    }

    /// Whether it says what should stand there, or where it is kept.
    var isStandIn: Bool {
        let lowercased = SecretValue(bytes.map(\.lowercased)[...])
        return isTemplate || isFiller || isPath || isTime
            || SecretFamilies.references.contains { lowercased.bytes.starts(with: $0) }
            || SecretFamilies.standInWords.contains { lowercased.holds($0) }
    }

    /// Whether a placeholder stands in it.
    var holdsPlaceholder: Bool { holds(SecretPlaceholder.opening) }

    /// Whether it is 8-4-4-4-12 hexadecimal digits.
    var isUUID: Bool {
        let groups = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy(Alphabet.hexadecimal.contains) }
    }

    /// Whether it is base64 of `user:password`.
    var isCredentialsOfBasic: Bool {
        Data(base64Encoded: Data(bytes))?.contains(UInt8(ascii: ":")) ?? false
    }

    /// Whether it has letters and digits, and about as many different bytes as chance gives.
    ///
    /// That is 3.5 bits a byte; 3 for hexadecimal digits, which hold 4 at most; and four fifths of
    /// what the length can hold where that is less and the bytes are twelve or of three kinds.
    /// - Source: gitleaks asks for 3.5 bits, detect-secrets for 3 in hexadecimal.
    var isRandom: Bool {
        let kinds = [
            bytes.contains { (0x41...0x5A).contains($0) },
            bytes.contains { (0x61...0x7A).contains($0) },
            !bytes.allSatisfy(Alphabet.alphanumeric.contains),
        ]
        guard bytes.contains(where: Alphabet.digits.contains), kinds[0] || kinds[1] else {
            return false
        }
        let bits = bitsPerByte
        if bytes.count >= 16, bytes.allSatisfy(Alphabet.hexadecimal.contains) { return bits >= 3 }
        return bits >= 3.5
            || bits >= 0.8 * log2(Double(bytes.count))
                && (bytes.count >= 12 || kinds.count { $0 } >= 2)
    }

    /// Shannon's entropy of the bytes.
    private var bitsPerByte: Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let total = Double(bytes.count)
        return counts.reduce(0) { bits, count in
            let share = Double(count) / total
            return count == 0 ? bits : bits - share * log2(share)
        }
    }

    /// Whether it is a file's path: begins with `/name/`.
    private var isPath: Bool {
        guard bytes.first == UInt8(ascii: "/") else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "/"))
        return parts.count >= 2 && SecretValue(parts[0]).isWord
    }

    /// Whether it begins with a date: `2024-05-01`.
    private var isTime: Bool {
        let groups = bytes.prefix(10).split(separator: UInt8(ascii: "-"))
        return groups.map(\.count) == [4, 2, 2]
            && groups.allSatisfy { $0.allSatisfy(Alphabet.digits.contains) }
    }

    private func holds(_ other: some Collection<UInt8>) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: other) }
    }
}
