internal import StrictJSON

/// Walks the file to the two lists, reads them, and keeps the rest.
struct TokenizerListCutter {
    /// Ids are below this.
    private static let idLimit = 1 << 22

    /// The members of `model.vocab`, in the order of the file.
    private(set) var vocabulary: [(token: ArraySlice<UInt8>, id: Int)] = []
    /// The elements of `model.merges`.
    private(set) var merges: [ArraySlice<UInt8>] = []
    /// The file with `{}` and `[]` for the two lists.
    private(set) var rest: [UInt8] = []

    private let bytes: [UInt8]
    private var offset = 0
    /// What is before this is in `rest` or in a list.
    private var kept = 0

    /// Takes the file.
    init(_ bytes: [UInt8]) throws(TokenizerFile.Refusal) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw TokenizerFile.Refusal("not UTF-8")
        }
        self.bytes = bytes
    }

    /// Reads the lists.
    ///
    /// - Complexity: O(bytes).
    mutating func cut() throws(TokenizerFile.Refusal) {
        try members { (cutter, key) throws(TokenizerFile.Refusal) in
            guard key.elementsEqual("model".utf8) else { return try cutter.skipValue() }
            try cutter.members { (cutter, key) throws(TokenizerFile.Refusal) in
                if key.elementsEqual("vocab".utf8) {
                    cutter.keep("{}")
                    try cutter.readVocabulary()
                    cutter.kept = cutter.offset
                } else if key.elementsEqual("merges".utf8) {
                    cutter.keep("[]")
                    try cutter.readMerges()
                    cutter.kept = cutter.offset
                } else {
                    try cutter.skipValue()
                }
            }
        }
        offset = bytes.count
        keep("")
    }

    private mutating func keep(_ stand: String) {
        rest += bytes[kept..<offset]
        rest += stand.utf8
    }

    private mutating func readVocabulary() throws(TokenizerFile.Refusal) {
        vocabulary.reserveCapacity(bytes.count / 48)
        try members { (cutter, token) throws(TokenizerFile.Refusal) in
            cutter.vocabulary.append((token, try cutter.index()))
        }
    }

    private mutating func readMerges() throws(TokenizerFile.Refusal) {
        merges.reserveCapacity(bytes.count / 24)
        try list("[", "]") { (cutter) throws(TokenizerFile.Refusal) in
            cutter.merges.append(try cutter.string())
        }
    }

    /// Reads an object, each value by `read`.
    private mutating func members(
        _ read: (inout Self, _ key: ArraySlice<UInt8>) throws(TokenizerFile.Refusal) -> Void
    ) throws(TokenizerFile.Refusal) {
        try list("{", "}") { (cutter) throws(TokenizerFile.Refusal) in
            let key = try cutter.string()
            try cutter.expect(":")
            cutter.skipSpace()
            try read(&cutter, key)
        }
    }

    private mutating func list(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
        _ read: (inout Self) throws(TokenizerFile.Refusal) -> Void
    ) throws(TokenizerFile.Refusal) {
        try expect(opening)
        if accept(closing) { return }
        repeat {
            skipSpace()
            try read(&self)
        } while accept(",")
        try expect(closing)
    }

    /// Passes over a value, however it is made: the JSON door reads it later.
    private mutating func skipValue() throws(TokenizerFile.Refusal) {
        var depth = 0
        repeat {
            skipSpace()
            guard offset < bytes.count else { throw .byte(offset) }
            switch bytes[offset] {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                offset += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"): offset += 1
            default: try skipWord()
            }
        } while depth > 0
    }

    private mutating func skipWord() throws(TokenizerFile.Refusal) {
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "."):
                offset += 1
            default:
                guard offset > start else { throw .byte(offset) }
                return
            }
        }
    }

    /// A text's UTF-8, without its quotes and escapes.
    private mutating func string() throws(TokenizerFile.Refusal) -> ArraySlice<UInt8> {
        let start = offset
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            throw .byte(offset)
        }
        offset += 1
        var isEscaped = false
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                guard isEscaped else { return bytes[start + 1..<offset - 1] }
                return try unescaped(bytes[start..<offset])
            case UInt8(ascii: "\\"):
                isEscaped = true
                offset += 2
            case 0..<0x20: throw .byte(offset)
            default: offset += 1
            }
        }
        throw .byte(bytes.count)
    }

    private func unescaped(_ quoted: ArraySlice<UInt8>) throws(TokenizerFile.Refusal) -> ArraySlice<
        UInt8
    > {
        do {
            guard let text = try StrictJSON.parse(quoted).string else {
                throw TokenizerFile.Refusal.byte(quoted.startIndex)
            }
            return Array(text.utf8)[...]
        } catch {
            throw .byte(quoted.startIndex)
        }
    }

    private mutating func index() throws(TokenizerFile.Refusal) -> Int {
        let start = offset
        var value = 0
        while offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"),
            digit < 10
        {
            value = value * 10 + Int(digit)
            offset += 1
            guard value < Self.idLimit else { throw .byte(start) }
        }
        guard offset > start, bytes[start] != UInt8(ascii: "0") || offset == start + 1 else {
            throw .byte(start)
        }
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(TokenizerFile.Refusal) {
        guard accept(character) else { throw .byte(offset) }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else {
            return false
        }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }
}
