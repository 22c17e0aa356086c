internal import Foundation
internal import Kernels

/// BERT's tokenizer: words, then the longest vocabulary pieces of each word.
///
/// - Source: Wu et al., "Google's Neural Machine Translation System", arXiv:1609.08144, §4.1;
///   behaviour of Hugging Face tokenizers' `BertWordPieceTokenizer`, uncased.
struct WordPieceTokenizer: Sendable {
    /// Words of more scalars than this become the unknown token.
    private static let longestWord = 100

    /// The ids of the marks that stand around every text.
    let (first, last): (Int32, Int32)

    /// The number of lines of the vocabulary: every id is below it.
    var vocabularyCount: Int { tokens.count }

    /// What stands before a piece that does not begin its word.
    private static let continuation = Array("##".utf8)[...]

    private let tokens: TokenTable
    private let unknown: Int32
    /// Marks that stand for themselves when written literally in a text.
    private let marks: LiteralMarks

    /// Reads a vocabulary: one piece a line, its id the line's number.
    ///
    /// - Parameters:
    ///   - path: the vocabulary.
    ///   - marks: what stands around every text.
    ///   - literals: other marks that stand for themselves when written literally.
    /// - Throws: `.modelMissing`, `.unreadable`, or `.malformed` where a mark of the model is missing or a piece
    ///   comes twice.
    init(
        vocabulary path: String, marks: (first: String, last: String) = ("[CLS]", "[SEP]"),
        literals: [String] = ["[UNK]", "[PAD]", "[MASK]"]
    ) throws(EmbeddingError) {
        let file = try ModelFolder.map(path)
        var lines = file.bytes(0..<file.byteCount).split(
            separator: 0x0A, omittingEmptySubsequences: false
        ).map {
            $0.last == 0x0D ? $0.dropLast() : $0
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard let tokens = TokenTable(lines) else {
            throw .malformed(path: path, reason: "a piece comes twice in the vocabulary")
        }
        func id(of mark: String) throws(EmbeddingError) -> Int32 {
            guard let id = tokens.id(of: Array(mark.utf8)[...]) else {
                throw .malformed(path: path, reason: "no \(mark) in the vocabulary")
            }
            return id
        }
        unknown = try id(of: "[UNK]")
        first = try id(of: marks.first)
        last = try id(of: marks.last)
        var special: [(utf8: [UInt8], id: Int32)] = []
        for mark in [marks.first, marks.last] + literals {
            special.append((Array(mark.utf8), try id(of: mark)))
        }
        self.marks = LiteralMarks(special)
        self.tokens = tokens
    }

    /// The ids of `text` without the marks around it.
    ///
    /// - Complexity: O(bytes · square of the bytes of the longest word that is not unknown).
    func pieces(of text: String) -> [Int32] {
        let utf8 = Array(text.utf8)
        var result: [Int32] = []
        var start = 0
        while let mark = marks.next(in: utf8, from: start) {
            appendPieces(of: utf8[start..<mark.range.lowerBound], to: &result)
            result.append(mark.id)
            start = mark.range.upperBound
        }
        appendPieces(of: utf8[start...], to: &result)
        return result
    }

    private func appendPieces(of utf8: ArraySlice<UInt8>, to result: inout [Int32]) {
        for word in BertNormalizer.words(of: String(decoding: utf8, as: UTF8.self)) {
            appendPieces(ofWord: Array(word.utf8), to: &result)
        }
    }

    private func appendPieces(ofWord word: [UInt8], to result: inout [Int32]) {
        func isInsideScalar(_ index: Int) -> Bool { word[index] & 0xC0 == 0x80 }
        guard word.indices.count(where: { !isInsideScalar($0) }) <= Self.longestWord else {
            result.append(unknown)
            return
        }
        let mark = result.count
        var start = 0
        while start < word.count {
            var end = word.count
            var found: Int32?
            while start < end {
                found = tokens.id(of: start == 0 ? [] : Self.continuation, then: word[start..<end])
                if found != nil { break }
                repeat { end -= 1 } while end > start && isInsideScalar(end)
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
