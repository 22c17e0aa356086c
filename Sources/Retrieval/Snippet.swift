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
        let finder = StemFinder(stems)
        let bytes = Array(text.utf8)
        var best = 0
        var bestCount = -1
        var lines: [Range<Int>] = []
        for range in Self.lines(of: bytes) where !isBlank(bytes[range]) {
            let count = finder.count(in: lowercased(bytes[range]))
            if count > bestCount { (best, bestCount) = (lines.count, count) }
            lines.append(range)
        }
        var snippet = ""
        for range in lines[best...].prefix(lineLimit) {
            let line = String(decoding: bytes[range], as: UTF8.self)
            let next = snippet.isEmpty ? line : snippet + "\n" + line
            if !snippet.isEmpty, next.count > characterLimit { break }
            snippet = next
        }
        guard snippet.count > characterLimit else { return snippet }
        return around(stems, in: snippet)
    }

    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0A {
            lines.append(start..<index)
            start = index + 1
        }
        lines.append(start..<bytes.count)
        return lines
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        for byte in line {
            switch byte {
            case 0x09...0x0D, 0x20: continue
            case ..<0x80: return false
            default: return String(decoding: line, as: UTF8.self).allSatisfy(\.isWhitespace)
            }
        }
        return true
    }

    /// By bytes, which is many times quicker than by characters, and finds the same whole stems.
    private static func lowercased(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = Array(line)
        var union: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            union |= byte
            if (0x41...0x5A).contains(byte) { bytes[index] = byte | 0x20 }
        }
        guard union < 0x80 else {
            return Array(String(decoding: line, as: UTF8.self).lowercased().utf8)
        }
        return bytes
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
        return StemFinder(stems).firstIndex(in: lowercased(Array(line.utf8)[...])) ?? 0
    }
}

/// Looks for several stems at once, in bytes of lower case.
private struct StemFinder {
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
            where !isFound[number] && stands(stems[number], in: line, at: start) {
                isFound[number] = true
                count += 1
            }
        }
        return count
    }

    /// Where the first of them begins.
    func firstIndex(in line: [UInt8]) -> Int? {
        line.indices.first { start in
            numbers[Int(line[start])].contains { stands(stems[$0], in: line, at: start) }
        }
    }

    private func stands(_ stem: [UInt8], in line: [UInt8], at start: Int) -> Bool {
        guard stem.count <= line.count - start else { return false }
        return stem.indices.allSatisfy { line[start + $0] == stem[$0] }
    }
}
