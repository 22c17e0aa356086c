internal import Kernels
internal import StrictJSON

/// A `tokenizer.json` of a byte-pair model: its two long lists, and all else as one JSON value.
///
/// The lists, `model.vocab` (an object of ids by token) and `model.merges` (an array of texts, two
/// tokens with a space between), are read here as bytes: no value is made for each of 93,000
/// entries, and tokens stay apart that `String` takes for equal. They are cut out of the file, and
/// what remains goes through the one JSON door, which sees them as `{}` and `[]`. So a list that
/// comes twice, or anything about them that is not JSON, is refused there or here.
struct TokenizerFile {
    /// The vocabulary; ids are dense.
    let tokens: TokenTable
    /// Each merge as the ids of the two and of their product, in the order of their ranks.
    let merges: [(left: Int32, right: Int32, product: Int32)]
    /// The file without the two lists.
    let settings: JSONValue

    /// Ids are below this.
    private static let idLimit = 1 << 22

    /// Reads the file.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`, `.malformed` with the offset or the entry.
    /// - Complexity: O(bytes).
    init(path: String) throws(EmbeddingError) {
        let file = try ModelFolder.map(path)
        do throws(Refusal) {
            var cutter = try ListCutter(file.bytes(0..<file.byteCount))
            try cutter.cut()
            tokens = try Self.tokens(cutter.vocabulary)
            merges = try Self.merges(cutter.merges, of: tokens)
            settings = try Self.settings(cutter.rest)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
    }

    private static func settings(_ rest: [UInt8]) throws(Refusal) -> JSONValue {
        do {
            return try StrictJSON.parse(rest)
        } catch {
            throw Refusal("without its lists it is not JSON: \(error)")
        }
    }

    private static func tokens(
        _ entries: [(token: ArraySlice<UInt8>, id: Int)]
    ) throws(Refusal) -> TokenTable {
        var tokens = [ArraySlice<UInt8>](repeating: [], count: entries.count)
        for (token, id) in entries {
            guard id < entries.count, tokens[id].isEmpty, !token.isEmpty else {
                throw Refusal(
                    "\(entries.count) tokens, but their ids are not 0 to \(entries.count - 1)")
            }
            tokens[id] = token
        }
        guard let table = TokenTable(tokens) else { throw Refusal("a token has two ids") }
        return table
    }

    private static func merges(
        _ entries: [ArraySlice<UInt8>], of tokens: TokenTable
    ) throws(Refusal) -> [(left: Int32, right: Int32, product: Int32)] {
        var merges: [(left: Int32, right: Int32, product: Int32)] = []
        merges.reserveCapacity(entries.count)
        for entry in entries {
            guard let space = entry.firstIndex(of: 0x20) else {
                throw Refusal("merge \(merges.count) is not two tokens")
            }
            let (head, tail) = (entry[..<space], entry[(space + 1)...])
            guard let left = tokens.id(of: head), let right = tokens.id(of: tail),
                let product = tokens.id(of: head, then: tail)
            else {
                throw Refusal("merge \(merges.count) is not of tokens in the vocabulary")
            }
            merges.append((left, right, product))
        }
        return merges
    }

    /// Why the file is refused.
    fileprivate struct Refusal: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }

        static func byte(_ offset: Int) -> Refusal { Refusal("unexpected byte at \(offset)") }
    }

    /// Walks the file to the two lists, reads them, and keeps the rest.
    private struct ListCutter {
        var vocabulary: [(token: ArraySlice<UInt8>, id: Int)] = []
        var merges: [ArraySlice<UInt8>] = []
        var rest: [UInt8] = []

        private let bytes: [UInt8]
        private var offset = 0
        /// What is before this is in `rest` or in a list.
        private var kept = 0

        init(_ bytes: [UInt8]) throws(Refusal) {
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw Refusal("not UTF-8")
            }
            self.bytes = bytes
        }

        mutating func cut() throws(Refusal) {
            try members { (cutter, key) throws(Refusal) in
                guard key.elementsEqual("model".utf8) else { return try cutter.skipValue() }
                try cutter.members { (cutter, key) throws(Refusal) in
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

        private mutating func readVocabulary() throws(Refusal) {
            vocabulary.reserveCapacity(bytes.count / 48)
            try members { (cutter, token) throws(Refusal) in
                cutter.vocabulary.append((token, try cutter.index()))
            }
        }

        private mutating func readMerges() throws(Refusal) {
            merges.reserveCapacity(bytes.count / 24)
            try list("[", "]") { (cutter) throws(Refusal) in
                cutter.merges.append(try cutter.string())
            }
        }

        /// Reads an object, each value by `read`.
        private mutating func members(
            _ read: (inout Self, _ key: ArraySlice<UInt8>) throws(Refusal) -> Void
        ) throws(Refusal) {
            try list("{", "}") { (cutter) throws(Refusal) in
                let key = try cutter.string()
                try cutter.expect(":")
                cutter.skipSpace()
                try read(&cutter, key)
            }
        }

        private mutating func list(
            _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
            _ read: (inout Self) throws(Refusal) -> Void
        ) throws(Refusal) {
            try expect(opening)
            if accept(closing) { return }
            repeat {
                skipSpace()
                try read(&self)
            } while accept(",")
            try expect(closing)
        }

        /// Passes over a value, however it is made: the JSON door reads it later.
        private mutating func skipValue() throws(Refusal) {
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

        private mutating func skipWord() throws(Refusal) {
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
        private mutating func string() throws(Refusal) -> ArraySlice<UInt8> {
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

        private func unescaped(_ quoted: ArraySlice<UInt8>) throws(Refusal) -> ArraySlice<UInt8> {
            do {
                guard let text = try StrictJSON.parse(quoted).string else {
                    throw Refusal.byte(quoted.startIndex)
                }
                return Array(text.utf8)[...]
            } catch {
                throw .byte(quoted.startIndex)
            }
        }

        private mutating func index() throws(Refusal) -> Int {
            let start = offset
            var value = 0
            while offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"),
                digit < 10
            {
                value = value * 10 + Int(digit)
                offset += 1
                guard value < TokenizerFile.idLimit else { throw .byte(start) }
            }
            guard offset > start, bytes[start] != UInt8(ascii: "0") || offset == start + 1 else {
                throw .byte(start)
            }
            return value
        }

        private mutating func expect(_ character: Unicode.Scalar) throws(Refusal) {
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
}
