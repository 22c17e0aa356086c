/// The few lines of a passage that say most about a query.
package enum Snippet {
    private static let characterLimit = 280
    private static let lineLimit = 3
    private static let termByteLimit = 128
    /// How much is shown before the first term of a huge line.
    private static let lead = 40

    /// Up to three lines around the line that holds most of the terms, cut to 280 characters.
    ///
    /// - Complexity: O(text · terms).
    package static func snippet(of text: String, for terms: [String]) -> String {
        // A longer term stands in no line as a word.
        let stems = terms.filter { $0.utf8.count <= termByteLimit }
            .map { String($0.prefix(max(4, $0.count - 2))) }
        let counter = StemCounter(stems)
        var best = 0
        var bestCount = -1
        var lines: [Substring] = []
        for bytes in text.utf8.split(separator: 0x0A) {
            let line = Substring(bytes)
            guard !isBlank(line) else { continue }
            let count = counter.count(in: lowercasedBytes(of: line))
            if count > bestCount { (best, bestCount) = (lines.count, count) }
            lines.append(line)
        }
        var snippet = ""
        for line in lines[best...].prefix(lineLimit) {
            let next = snippet.isEmpty ? String(line) : snippet + "\n" + line
            if !snippet.isEmpty, next.count > characterLimit { break }
            snippet = next
        }
        guard snippet.count > characterLimit else { return snippet }
        return around(stems, in: snippet)
    }

    private static func isBlank(_ line: Substring) -> Bool {
        for byte in line.utf8 {
            switch byte {
            case 0x09...0x0D, 0x20: continue
            case ..<0x80: return false
            default: return line.allSatisfy(\.isWhitespace)
            }
        }
        return true
    }

    /// By bytes, which is many times quicker than by characters, and finds the same whole stems.
    private static func lowercasedBytes(of line: Substring) -> [UInt8] {
        guard line.utf8.allSatisfy({ $0 < 0x80 }) else { return Array(line.lowercased().utf8) }
        return line.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// A huge line is shown from a little before the first term it holds.
    private static func around(_ stems: [String], in line: String) -> String {
        let start = max(0, distance(toFirstOf: stems, in: line) - lead)
        let part = line.dropFirst(start).prefix(characterLimit)
        return (start > 0 ? "…" : "") + part + (part.endIndex < line.endIndex ? "…" : "")
    }

    /// How many characters stand before the first term; 0 where there is none.
    private static func distance(toFirstOf stems: [String], in line: String) -> Int {
        // A carriage return and a line feed are one character.
        guard line.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x0D }) else {
            let lower = line.lowercased()
            let places = stems.compactMap { lower.firstRange(of: $0)?.lowerBound }
            return places.min().map { lower.distance(from: lower.startIndex, to: $0) } ?? 0
        }
        return StemCounter(stems).firstIndex(in: lowercasedBytes(of: line[...])) ?? 0
    }
}

/// Looks for several stems at once, in bytes of lower case.
private struct StemCounter {
    private let stems: [[UInt8]]
    /// The numbers of the stems that begin with a byte.
    private var numbers = [[Int]](repeating: [], count: 256)

    init(_ stems: [String]) {
        self.stems = stems.map { Array($0.utf8) }
        for (number, stem) in self.stems.enumerated() {
            if let first = stem.first { numbers[Int(first)].append(number) }
        }
    }

    /// How many of the stems stand in a line.
    func count(in line: [UInt8]) -> Int {
        var isFound = [Bool](repeating: false, count: stems.count)
        var count = 0
        for start in line.indices {
            for number in numbers[Int(line[start])]
            where !isFound[number] && line[start...].starts(with: stems[number]) {
                isFound[number] = true
                count += 1
            }
        }
        return count
    }

    /// Where the first of them begins.
    func firstIndex(in line: [UInt8]) -> Int? {
        line.indices.first { start in
            numbers[Int(line[start])].contains { line[start...].starts(with: stems[$0]) }
        }
    }
}
