/// Text without its invisible characters, which can hide a token from a reader of bytes.
struct VisibleText {
    /// UTF-8 without the invisible characters.
    let bytes: [UInt8]

    /// Where each byte stands in the source; nil where nothing was taken out.
    private let offsets: [Int]?

    /// Takes the invisible characters out.
    ///
    /// - Complexity: O(bytes).
    init(_ source: [UInt8]) {
        guard source.contains(where: Self.isLead) else {
            bytes = source
            offsets = nil
            return
        }
        var bytes: [UInt8] = []
        var offsets: [Int] = []
        var index = 0
        while index < source.count {
            let hidden = Self.countOfInvisible(in: source, at: index)
            if hidden == 0 {
                bytes.append(source[index])
                offsets.append(index)
            }
            index += max(hidden, 1)
        }
        let hasHidden = bytes.count < source.count
        self.bytes = hasHidden ? bytes : source
        self.offsets = hasHidden ? offsets : nil
    }

    /// Whether something invisible was taken out just before this byte.
    func hasGap(before index: Int) -> Bool {
        guard let offsets, index > 0, index < bytes.count else { return false }
        return offsets[index] != offsets[index - 1] + 1
    }

    /// The bytes of the source that some visible bytes came from, with what is hidden among them.
    ///
    /// - Precondition: `range` is not empty.
    func sourceRange(of range: Range<Int>) -> Range<Int> {
        guard let offsets else { return range }
        return offsets[range.lowerBound]..<(offsets[range.upperBound - 1] + 1)
    }

    /// Whether one of the characters below begins with this byte.
    private static func isLead(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2, 0xE2, 0xEF, 0xF3: true
        default: false
        }
    }

    /// The byte count of the invisible character here; 0 where there is none.
    ///
    /// Soft hyphen, zero-width space to right-to-left mark, embeddings, word joiner to nominal digit
    /// shapes, byte order mark, tags.
    private static func countOfInvisible(in source: [UInt8], at index: Int) -> Int {
        let next = index + 1 < source.count ? source[index + 1] : 0
        let last = index + 2 < source.count ? source[index + 2] : 0
        switch (source[index], next, last) {
        case (0xC2, 0xAD, _): return 2
        case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x80, 0xAA...0xAE), (0xE2, 0x81, 0xA0...0xAF),
            (0xEF, 0xBB, 0xBF):
            return 3
        case (0xF3, 0xA0, 0x80...0x81): return 4
        default: return 0
        }
    }
}
