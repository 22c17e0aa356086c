/// A line that is too long for one chunk, cut into pieces.
struct LongLine {
    /// The largest line that is not cut, in bytes.
    static let byteLimit = 4000
    /// The largest piece of a line that is.
    private static let pieceByteLimit = 2000
    /// As far as the first byte of a repaired character may lie behind: four characters of three.
    private static let characterByteLimit = 12

    private let bytes: ArraySlice<UInt8>
    private let isRepaired: Bool

    /// The line of this number, from 1.
    init(_ line: Int, of source: SourceText) {
        bytes = source.bytes[source.byteRange(of: line...line)]
        isRepaired = source.lines[line - 1] != source.rawText(of: line...line)
    }

    /// Whether a line holds text and is over the limit.
    static func isLong(_ line: Int, of source: SourceText) -> Bool {
        source.byteRange(of: line...line).count > byteLimit && !source.lines[line - 1].isBlank
    }

    /// The pieces in order, each with text; together their bytes are the line's.
    ///
    /// - Complexity: O(bytes).
    var pieces: [(bytes: Range<Int>, text: String)] {
        var pieces: [(bytes: Range<Int>, text: String)] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = endOfPiece(from: start)
            let text = text(of: start..<end)
            if let last = pieces.last, last.text.isEmpty || text.isEmpty {
                pieces[pieces.count - 1] = (last.bytes.lowerBound..<end, last.text + text)
            } else {
                pieces.append((start..<end, text))
            }
            start = end
        }
        return pieces
    }

    /// After a space where there is one, else before a character, and if need be anywhere.
    private func endOfPiece(from start: Int) -> Int {
        let limit = start + Self.pieceByteLimit
        guard limit < bytes.endIndex else { return bytes.endIndex }
        if let space = bytes[(limit - Self.pieceByteLimit / 2)..<limit].lastIndex(of: 0x20) {
            return space + 1
        }
        return ((limit - Self.characterByteLimit)...limit).last(where: beginsCharacter) ?? limit
    }

    /// Whether a character of the line's text begins at this byte.
    private func beginsCharacter(_ offset: Int) -> Bool {
        guard bytes[offset] & 0xC0 != 0x80 else { return false }
        let next = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.first
        return !isRepaired || next.map(MacRomanMojibake.isContinuation) != true
    }

    /// The text of some of the bytes, repaired as the whole line was.
    private func text(of range: Range<Int>) -> String {
        let text = String(decoding: SourceText.content(of: bytes[range]), as: UTF8.self)
        return (isRepaired ? MacRomanMojibake.reversed(text) ?? text : text).trimmed
    }
}
