/// A private key that is written as a block of lines: PEM, OpenPGP, SSH or PuTTY.
///
/// The block is read line by line and ends where a line does not fit, so that one without an end line
/// is found too and nothing is searched for ahead. Indentation, quotes, line ends written as `\n` and
/// lines joined by spaces are understood.
/// - Source: RFC 7468 and 1421; RFC 9580, 6.2; RFC 4716; PuTTY's manual, appendix C.
struct KeyBlock {
    /// What a block holds at least, in bytes of base64; less is only an example of the form.
    private static let bodyByteCount = 32
    /// Base64 that long belongs to the body wherever it stands, and behind a blank line.
    private static let wordByteCount = (anywhere: 16, behindBlankLine: 40)
    private static let labelByteLimit = 60
    private static let lineByteLimit = 400

    private let bytes: [UInt8]
    private let isPuTTY: Bool
    /// What is read next.
    private var index: Int
    /// How many line ends stood before it.
    private var lineEnds: Int
    private var bodyCount = 0

    /// Where the block ends whose first byte stands here; nil where none begins.
    ///
    /// - Complexity: O(bytes up to the end or to what does not fit), where no other block begins.
    static func end(in bytes: [UInt8], from start: Int) -> Int? {
        if bytes.has(putty, at: start) {
            let lineEnd = endOfLine(in: bytes, from: start)
            var block = KeyBlock(bytes: bytes, isPuTTY: true, index: lineEnd, lineEnds: 0)
            block.skipGap()
            return block.end()
        }
        guard let lineEnd = endOfMark(begin, in: bytes, from: start) else { return nil }
        var block = KeyBlock(bytes: bytes, isPuTTY: false, index: lineEnd, lineEnds: 0)
        block.skipGap()
        return block.end()
    }

    private mutating func end() -> Int? {
        var blockEnd = index
        while true {
            if !isPuTTY, let end = Self.endOfMark(Self.end, in: bytes, from: index) {
                return bodyCount >= Self.bodyByteCount ? end : nil
            }
            if let end = endOfHeader() {
                if bodyCount > 0 { blockEnd = end }
                index = end
            } else if let end = endOfBodyWord() {
                bodyCount += end - index
                blockEnd = end
                index = end
            } else {
                return bodyCount >= Self.bodyByteCount ? blockEnd : nil
            }
            skipGap()
        }
    }

    /// A long word of base64, or a short one that is a line of its own or the last.
    private func endOfBodyWord() -> Int? {
        var end = index
        while end < bytes.count, Alphabet.base64.contains(bytes[end]) { end += 1 }
        let isLong =
            end - index
            >= (lineEnds > 1 ? Self.wordByteCount.behindBlankLine : Self.wordByteCount.anywhere)
        if isLong || end == index || bodyCount == 0 { return isLong ? end : nil }
        var rest = self
        rest.index = end
        rest.skipGap()
        let isAlone = lineEnds == 1 && (rest.lineEnds > 0 || rest.index == bytes.count)
        return isAlone || Self.endOfMark(Self.end, in: bytes, from: rest.index) != nil ? end : nil
    }

    /// A header line: before the body, or anywhere in PuTTY's form.
    private func endOfHeader() -> Int? {
        guard lineEnds > 0, isPuTTY || bodyCount == 0,
            Self.headers.contains(where: { bytes.has($0, at: index) })
        else { return nil }
        return Self.endOfLine(in: bytes, from: index)
    }

    private static func endOfLine(in bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].prefix(lineByteLimit)
            .prefix { $0 != 0x0A && $0 != 0x0D && $0 != backslash }.endIndex
    }

    /// Goes on behind white space, quotes, marks of quoting and escapes.
    private mutating func skipGap() {
        lineEnds = 0
        while index < bytes.count {
            if bytes[index] == 0x0A { lineEnds += 1 }
            if bytes[index] == Self.backslash {
                while index < bytes.count, bytes[index] == Self.backslash { index += 1 }
                if index < bytes.count, "nrt".utf8.contains(bytes[index]) {
                    if bytes[index] == UInt8(ascii: "n") { lineEnds += 1 }
                    index += 1
                }
            } else if Self.decoration.contains(bytes[index]) {
                index += 1
            } else {
                return
            }
        }
    }

    /// Where `-----BEGIN … PRIVATE KEY-----` or a line like `-----END …` ends.
    private static func endOfMark(_ word: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count, bytes[index] == dash { index += 1 }
        guard index - start >= 4 else { return nil }
        if index < bytes.count, bytes[index] == 0x20 { index += 1 }
        guard bytes.has(word, at: index) else { return nil }
        let label = bytes[index...].prefix(labelByteLimit)
            .prefix { $0 == 0x20 || Alphabet.capitals.contains($0) }
        index = label.endIndex
        while index < bytes.count, bytes[index] == dash { index += 1 }
        guard word == begin else { return index }
        let isPrivate = label.indices.contains { label[$0...].starts(with: privateKey) }
        return isPrivate && index - label.endIndex >= 4 ? index : nil
    }

    private static let dash = UInt8(ascii: "-")
    private static let backslash = UInt8(ascii: "\\")
    private static let begin = Array("BEGIN ".utf8)
    private static let end = Array("END ".utf8)
    private static let privateKey = Array("PRIVATE KEY".utf8)
    private static let putty = Array("PuTTY-User-Key-File-".utf8)
    private static let decoration = Array(" \t\r\n\"'`,;>|#*+".utf8)
    private static let headers = [
        "Proc-Type", "DEK-Info", "Version", "Comment", "Hash", "Charset", "Subject",
        "Encryption", "Public-Lines", "Private-Lines", "Private-MAC", "Private-Hash",
        "Key-Derivation", "Argon2-",
    ].map { Array($0.utf8) }
}
