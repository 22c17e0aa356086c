/// A file's bytes with their lines, and each line's text as search reads it.
///
/// Lines end at LF only; a CR before it belongs to the line's bytes but not to its text. Line
/// numbers are 1-based. The bytes are exactly the file's; only the text is repaired.
public struct SourceText: Sendable, Equatable {
    /// The file's bytes.
    public let bytes: [UInt8]

    /// The text of each line: decoded, repaired where it was mojibake, without its line end.
    public let lines: [String]

    /// The 1-based numbers of lines that hold invalid UTF-8.
    public let invalidLines: [Int]

    /// The 1-based numbers of lines whose text was repaired.
    public let repairedLines: [Int]

    private let lineStarts: [Int]

    /// Splits and decodes a file's bytes.
    ///
    /// A byte order mark at the start is left out of the first line's text.
    ///
    /// - Complexity: O(bytes).
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts: [Int] = bytes.isEmpty ? [] : [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A && offset + 1 < bytes.count {
            starts.append(offset + 1)
        }
        var lines: [String] = []
        var invalid: [Int] = []
        for (index, start) in starts.enumerated() {
            var end = index + 1 < starts.count ? starts[index + 1] : bytes.count
            if end > start, bytes[end - 1] == 0x0A { end -= 1 }
            if end > start, bytes[end - 1] == 0x0D { end -= 1 }
            var content = bytes[start..<end]
            if index == 0, content.starts(with: [0xEF, 0xBB, 0xBF]) { content.removeFirst(3) }
            if let text = String(validating: content, as: UTF8.self) {
                lines.append(text)
            } else {
                lines.append(String(decoding: content, as: UTF8.self))
                invalid.append(index + 1)
            }
        }
        let repaired = MacRomanMojibake.repair(&lines)
        self.lines = lines
        invalidLines = invalid
        repairedLines = repaired
        lineStarts = starts
    }

    /// The bytes of a run of lines, line ends included.
    ///
    /// - Precondition: `1 <= lines.lowerBound` and `lines.upperBound <= self.lines.count`.
    public func byteRange(of lines: ClosedRange<Int>) -> Range<Int> {
        let end = lines.upperBound < lineStarts.count ? lineStarts[lines.upperBound] : bytes.count
        return lineStarts[lines.lowerBound - 1]..<end
    }

    /// The raw text of a run of lines as the file has it, joined by LF, without a final line end.
    ///
    /// Invalid bytes become U+FFFD; nothing is repaired.
    public func rawText(of lines: ClosedRange<Int>) -> String {
        var range = bytes[byteRange(of: lines)]
        if range.last == 0x0A { range.removeLast() }
        return String(decoding: range, as: UTF8.self)
    }
}
