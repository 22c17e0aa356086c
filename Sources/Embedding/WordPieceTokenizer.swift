internal import Foundation

/// BERT's tokenizer: words, then the longest vocabulary pieces of each word.
///
/// - Source: Wu et al., "Google's Neural Machine Translation System", arXiv:1609.08144, §4.1;
///   behaviour of Hugging Face tokenizers' `BertWordPieceTokenizer`, uncased.
struct WordPieceTokenizer: Sendable {
    /// Words of more scalars than this become the unknown token.
    private static let longestWord = 100

    /// The ids of the marks that stand around every text.
    let (classify, separate): (Int32, Int32)

    /// The number of lines of the vocabulary: every id is below it.
    let vocabularyCount: Int

    private let ids: [Substring: Int32]
    private let unknown: Int32
    /// Marks that stand for themselves when written literally in a text.
    private let specials: [(text: String, id: Int32)]

    /// Reads a vocabulary: one piece a line, its id the line's number.
    ///
    /// - Throws: `.modelMissing`, or `.malformed` where a mark of the model is missing.
    init(vocabulary path: String) throws(EmbeddingError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .modelMissing(path: path)
        }
        var ids: [Substring: Int32] = [:]
        var line: Int32 = 0
        for bytes in data.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let piece = String(
                decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
            if !piece.isEmpty { ids[piece[...]] = line }
            line += 1
        }
        func id(of mark: String) throws(EmbeddingError) -> Int32 {
            guard let id = ids[mark[...]] else {
                throw .malformed(path: path, reason: "no \(mark) in the vocabulary")
            }
            return id
        }
        unknown = try id(of: "[UNK]")
        classify = try id(of: "[CLS]")
        separate = try id(of: "[SEP]")
        specials = [
            ("[UNK]", unknown), ("[CLS]", classify), ("[SEP]", separate),
            ("[PAD]", try id(of: "[PAD]")), ("[MASK]", try id(of: "[MASK]")),
        ]
        self.ids = ids
        vocabularyCount = Int((ids.values.max() ?? 0) + 1)
    }

    /// The ids of `text` without the marks around it.
    ///
    /// - Complexity: O(scalars · longest piece).
    func pieces(of text: String) -> [Int32] {
        var result: [Int32] = []
        var rest = text[...]
        while let special = nextSpecial(in: rest) {
            appendPieces(of: rest[..<special.range.lowerBound], to: &result)
            result.append(special.id)
            rest = rest[special.range.upperBound...]
        }
        appendPieces(of: rest, to: &result)
        return result
    }

    private func nextSpecial(in text: Substring) -> (range: Range<String.Index>, id: Int32)? {
        guard text.utf8.contains(UInt8(ascii: "[")) else { return nil }
        return specials.compactMap { special in
            text.range(of: special.text, options: .literal).map { (range: $0, id: special.id) }
        }.min { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func appendPieces(of text: Substring, to result: inout [Int32]) {
        for word in BertNormalizer.words(of: text) { appendPieces(ofWord: word, to: &result) }
    }

    private func appendPieces(ofWord word: String, to result: inout [Int32]) {
        if let id = ids[word[...]] {
            result.append(id)
            return
        }
        let scalars = word.unicodeScalars
        guard scalars.count <= Self.longestWord else {
            result.append(unknown)
            return
        }
        let mark = result.count
        var start = scalars.startIndex
        while start < scalars.endIndex {
            var end = scalars.endIndex
            var found: Int32?
            while start < end {
                let piece = String(scalars[start..<end])
                found = ids[(start == scalars.startIndex ? piece : "##" + piece)[...]]
                if found != nil { break }
                scalars.formIndex(before: &end)
            }
            guard let id = found else {
                result.removeSubrange(mark...)
                result.append(unknown)
                return
            }
            result.append(id)
            start = end
        }
    }
}
