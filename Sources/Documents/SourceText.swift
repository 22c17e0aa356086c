/// A file's bytes with their lines, and each line's text as search reads it.
///
/// Lines end at LF only. The LF, a CR before it and a byte order mark before the first line belong to
/// a line's bytes but not to its text. Line numbers are 1-based. The bytes are exactly the file's;
/// only the text is repaired.
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
            let end = index + 1 < starts.count ? starts[index + 1] : bytes.count
            let content = Self.content(of: bytes[start..<end])
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

    /// Whole or cut lines without the line end and the byte order mark that `bytes` may hold.
    static func content(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var content = bytes
        if content.last == 0x0A { content.removeLast() }
        if content.last == 0x0D { content.removeLast() }
        let isFirst = content.startIndex == 0
        return isFirst && content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content
    }

    /// The bytes of a run of lines, line ends included.
    ///
    /// - Precondition: `1 <= lines.lowerBound` and `lines.upperBound <= self.lines.count`.
    public func byteRange(of lines: ClosedRange<Int>) -> Range<Int> {
        let end = lines.upperBound < lineStarts.count ? lineStarts[lines.upperBound] : bytes.count
        return lineStarts[lines.lowerBound - 1]..<end
    }

    /// The text of a run of lines as the file has it, joined by LF, without a final line end.
    ///
    /// Invalid bytes become U+FFFD; nothing is repaired.
    public func rawText(of lines: ClosedRange<Int>) -> String {
        let contents = lines.map { Self.content(of: bytes[byteRange(of: $0...$0)]) }
        return String(decoding: Array(contents.joined(separator: [0x0A])), as: UTF8.self)
    }
}
