internal import Documents

/// Cuts texts that a model cannot read at once.
///
/// Cuts lie behind white space where there is some nearby, and never within a character's bytes.
enum TextWindows {
    /// The least bytes of a part, so that every cut makes a text shorter.
    private static let leastSpan = 8

    /// Parts of about equal length in order; each begins an eighth before the one before it ends.
    ///
    /// - Returns: `count` parts, or only the text where it is too short to be cut.
    /// - Complexity: O(bytes).
    static func parts(of text: String, count: Int) -> [String] {
        let span = text.utf8.count / max(count, 1)
        guard count > 1, span >= leastSpan else { return [text] }
        let overlap = span / 8
        return (0..<count).map { part in
            let start =
                part == 0
                ? text.startIndex : cut(text, at: part * span - overlap, reach: overlap)
            let end =
                part == count - 1
                ? text.endIndex : cut(text, at: (part + 1) * span, reach: overlap)
            return String(text[start..<end])
        }
    }

    /// The first bytes of a text, at most so many.
    ///
    /// - Complexity: O(bytes).
    static func start(of text: String, byteCount: Int) -> String {
        guard byteCount < text.utf8.count else { return text }
        return String(text[..<cut(text, at: max(byteCount, 0), reach: byteCount / 8)])
    }

    /// Runs of texts that are sent together: bounded in count and in bytes, at least one text each.
    ///
    /// - Complexity: O(texts).
    static func batches(
        of byteCounts: [Int], count limit: Int, byteCount byteLimit: Int
    ) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var (start, bytes) = (0, 0)
        for (index, count) in byteCounts.enumerated() {
            if index > start, index - start == limit || bytes + count > byteLimit {
                batches.append(start..<index)
                (start, bytes) = (index, 0)
            }
            bytes += count
        }
        if start < byteCounts.count { batches.append(start..<byteCounts.count) }
        return batches
    }

    /// The last place behind white space among the `reach` bytes before `offset`; where there is
    /// none, the last start of a character's bytes.
    private static func cut(_ text: String, at offset: Int, reach: Int) -> String.Index {
        let bytes = text.utf8
        let wanted = bytes.index(bytes.startIndex, offsetBy: offset)
        var index = wanted
        for _ in 0..<reach where index > bytes.startIndex {
            let before = bytes.index(before: index)
            if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[before]) { return index }
            index = before
        }
        index = wanted
        while index > bytes.startIndex, index < bytes.endIndex, bytes[index] & 0xC0 == 0x80 {
            index = bytes.index(before: index)
        }
        return index
    }
}
