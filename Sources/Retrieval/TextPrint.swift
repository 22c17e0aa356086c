/// What makes a text the same as another one, white space and case apart.
///
/// Prose may differ a little; names, paths, flags and numbers may not: two runbooks that differ in
/// an account or a port say different things.
package struct TextPrint: Sendable, Equatable {
    /// The hash of each word.
    private let words: [UInt64]
    /// A hash of the words that name something.
    let names: UInt64

    /// The least words of a text that can be a copy: what fewer mean is told by their headings.
    private static let leastWords = 6
    private static let shingleLength = 3
    /// The least part of all shingles that two texts share.
    private static let leastOverlap = 0.9

    /// Nil for a text that is too short to be a copy.
    ///
    /// Front matter at its start is left out: it says something of the page, such as when a version
    /// was verified.
    package init?(_ text: String) {
        let bytes = Array(Self.withoutFrontMatter(text).lowercased().utf8)
        let words = bytes.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard words.count >= Self.leastWords else { return nil }
        self.words = words.map(Self.hash)
        let telling = words.lazy.filter { $0.contains(where: Self.isOfName) }.map(Self.bare)
        names = Set(telling.filter { $0.contains(where: Self.isOfName) }.map(Self.hash))
            .reduce(0, ^)
    }

    /// Roughly what it takes.
    var byteCount: Int { words.count * 8 + 48 }

    /// Hashes of every three words in a row, each once, in order.
    ///
    /// Made when they are asked for: most texts have names that no other has.
    private var shingles: [UInt64] {
        Set(
            (0...words.count - Self.shingleLength).map { start in
                words[start..<start + Self.shingleLength].reduce(0) { ($0 ^ $1) &* Self.prime }
            }
        ).sorted()
    }

    /// Whether two texts say the same.
    ///
    /// - Complexity: O(shingles); less where they differ.
    /// - Source: Broder, "On the resemblance and containment of documents", 1997.
    package func isNearly(_ other: TextPrint) -> Bool {
        guard names == other.names else { return false }
        let (left, right) = (shingles, other.shingles)
        // So many may stand on one side alone: a shared part of 0.9 and the rest make up the whole.
        let total = Double(left.count + right.count)
        let most = Int(total * (1 - Self.leastOverlap) / (1 + Self.leastOverlap) + 1e-9)
        var (i, j, alone) = (0, 0, 0)
        while i < left.count, j < right.count, alone <= most {
            if left[i] == right[j] {
                (i, j) = (i + 1, j + 1)
            } else {
                alone += 1
                if left[i] < right[j] { i += 1 } else { j += 1 }
            }
        }
        return alone + (left.count - i) + (right.count - j) <= most
    }

    private static func withoutFrontMatter(_ text: String) -> Substring {
        guard text.hasPrefix("---\n"),
            let end = text.firstRange(of: /\n(?:---|\.\.\.)[ \t]*(?:\n|$)/)
        else { return text[...] }
        return text[end.upperBound...]
    }

    /// A word without the marks of the sentence around it.
    private static func bare(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isMark(_ byte: UInt8) -> Bool { ".,;:!?()[]{}<>\"'`*|".utf8.contains(byte) }
        let bytes = word.drop(while: isMark)
        guard let last = bytes.lastIndex(where: { !isMark($0) }) else { return [] }
        return bytes[...last]
    }

    /// Whether a word with this byte is a number, a name of several parts, a path or a flag.
    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || "_-/.:=$@".utf8.contains(byte)
    }

    private static let prime: UInt64 = 0x100_0000_01B3

    /// - Source: FNV-1a, 64 bits.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* prime }
    }
}

/// Puts passages that say the same in one.
package enum Folding {
    /// Groups of texts that say the same, in the order of their first.
    ///
    /// - Parameter prints: the texts' prints; nil stands for one that is never put in another.
    /// - Returns: indices; each stands in one group.
    /// - Complexity: O(prints), and for each pair with the same names O(shingles).
    package static func groups(of prints: [TextPrint?]) -> [[Int]] {
        var groups: [[Int]] = []
        var known: [UInt64: [Int]] = [:]
        for (index, print) in prints.enumerated() {
            let same = print.flatMap { print in
                known[print.names]?.first { group in
                    prints[groups[group][0]].map(print.isNearly) ?? false
                }
            }
            if let same {
                groups[same].append(index)
            } else {
                if let print { known[print.names, default: []].append(groups.count) }
                groups.append([index])
            }
        }
        return groups
    }
}
