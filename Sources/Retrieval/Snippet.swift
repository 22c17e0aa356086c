/// The few lines of a passage that say most about a query.
enum Snippet {
    private static let characterLimit = 280
    private static let lineLimit = 3
    private static let termByteLimit = 128

    /// Up to three lines around the line that holds most of the terms, cut to 280 characters.
    ///
    /// - Complexity: O(text · terms).
    static func snippet(of text: String, for terms: [String]) -> String {
        let lines = text.utf8.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { return "" }
        // A longer term stands in no line as a word.
        let stems = terms.filter { $0.utf8.count <= termByteLimit }
            .map { String($0.prefix(max(4, $0.count - 2))) }
        // By bytes, which is many times quicker than by characters, and the same for whole stems.
        let wanted = stems.map { Array($0.utf8) }
        let counts = lines.map { line in
            let lower = Array(line.lowercased().utf8)
            return wanted.count { holds(lower, $0) }
        }
        var best = 0
        for (index, count) in counts.enumerated() where count > counts[best] { best = index }
        var snippet = ""
        for line in lines[best...].prefix(lineLimit) {
            let next = snippet.isEmpty ? line : snippet + "\n" + line
            if !snippet.isEmpty, next.count > characterLimit { break }
            snippet = next
        }
        guard snippet.count > characterLimit else { return snippet }
        return around(stems, in: snippet)
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= bytes.count else { return part.isEmpty }
        return (0...bytes.count - part.count).contains { start in
            bytes[start] == first && bytes[start..<start + part.count].elementsEqual(part)
        }
    }

    /// A huge line is shown from a little before the first term it holds.
    private static func around(_ stems: [String], in line: String) -> String {
        let lower = line.lowercased()
        let places = stems.compactMap { lower.firstRange(of: $0)?.lowerBound }
        let distance = places.min().map { lower.distance(from: lower.startIndex, to: $0) } ?? 0
        let start = max(0, distance - 40)
        let part = line.dropFirst(start).prefix(characterLimit)
        return (start > 0 ? "…" : "") + part + (start + part.count < line.count ? "…" : "")
    }
}
