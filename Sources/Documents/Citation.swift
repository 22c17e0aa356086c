/// A place in a file that a reader can open: `path:start-end`.
public struct Citation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The file, as the memory names it.
    public let path: String
    /// The first line, from 1.
    public let startLine: Int
    /// The last line.
    public let endLine: Int

    /// Cites lines of a file.
    ///
    /// - Precondition: `1 <= lines.lowerBound`.
    public init(path: String, lines: ClosedRange<Int>) {
        precondition(lines.lowerBound >= 1, "lines count from 1")
        self.path = path
        startLine = lines.lowerBound
        endLine = lines.upperBound
    }

    /// Reads `path:start-end` or `path:line`; nil where it is neither.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else { return nil }
        let numbers = String(text[text.index(after: colon)...]).split(
            separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(numbers.count),
            let start = numbers.first.flatMap(Self.lineNumber), start >= 1,
            let end = numbers.last.flatMap(Self.lineNumber), end >= start
        else { return nil }
        path = String(text[..<colon])
        startLine = start
        endLine = end
    }

    /// The form that `init(_:)` reads: `path:start-end`.
    public var description: String { "\(path):\(startLine)-\(endLine)" }

    /// Digits alone: `Int` would take a sign too.
    private static func lineNumber(_ text: Substring) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return text.utf8.allSatisfy(digits.contains) ? Int(text) : nil
    }

    enum CodingKeys: String, CodingKey {
        case path
        case startLine = "start_line"
        case endLine = "end_line"
    }
}
