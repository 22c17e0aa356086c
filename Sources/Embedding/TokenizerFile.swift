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

    /// Reads the file.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`, `.malformed` with the offset or the entry.
    /// - Complexity: O(bytes).
    init(path: String) throws(EmbeddingError) {
        let file = try ModelFolder.map(path)
        do throws(Refusal) {
            var cutter = try TokenizerListCutter(file.bytes(0..<file.byteCount))
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
            guard let space = entry.firstIndex(of: 0x20), space == entry.lastIndex(of: 0x20)
            else {
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
    struct Refusal: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }

        static func byte(_ offset: Int) -> Refusal { Refusal("unexpected byte at \(offset)") }
    }
}
