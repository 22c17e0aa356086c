internal import StrictJSON

/// Llama 2's tokenizer: bytes for what the vocabulary lacks, then merges by rank.
///
/// Of a text, the marks that stand in it literally (`<s>`, `</s>`, `<unk>`) are taken out first.
/// Each part between them gets a space before it; spaces become U+2581; every scalar is a token of
/// the vocabulary, or the tokens of its UTF-8 bytes; neighbours merge, the least rank first. No
/// mark is put around the text.
///
/// - Source: behaviour of Hugging Face tokenizers' `BPE` with `byte_fallback`, and of its
///   `Prepend` and `Replace` normalizers.
struct BytePairTokenizer: Sendable {
    /// The number of tokens: every id is below it.
    let vocabularyCount: Int

    private let scalars: ScalarTable
    /// The ids of the bytes 0 to 255.
    private let bytes: [Int32]
    private let merges: MergeTable
    private let marks: LiteralMarks
    /// What stands for a space.
    private let space: Int32
    /// Whether no merge joins something else with a space after it: then words can be merged one by
    /// one.
    private let wordsStandAlone: Bool

    /// Reads a `tokenizer.json`.
    ///
    /// - Throws: `.modelMissing`, `.unreadable`, or `.malformed` where it is damaged or of another
    ///   kind than this type implements.
    /// - Complexity: O(bytes).
    init(contentsOf path: String) throws(EmbeddingError) {
        let file = try TokenizerFile(path: path)
        let tokens = file.tokens
        func refusal(_ reason: String) -> EmbeddingError { .malformed(path: path, reason: reason) }
        func id(of token: String) throws(EmbeddingError) -> Int32 {
            guard let id = tokens.id(of: Array(token.utf8)[...]) else {
                throw refusal("no token \(token)")
            }
            return id
        }
        if let part = Self.unknownPart(of: file.settings) {
            throw refusal("\(part) is not as in Llama 2's tokenizer")
        }
        space = try id(of: "\u{2581}")
        var bytes: [Int32] = []
        for byte in UInt8.min ... .max {
            let digits = String(byte, radix: 16, uppercase: true)
            bytes.append(try id(of: "<0x\(byte < 16 ? "0" : "")\(digits)>"))
        }
        self.bytes = bytes
        guard let marks = LiteralMarks(file.settings["added_tokens"], of: tokens) else {
            throw refusal("added_tokens are not plain marks of the vocabulary")
        }
        self.marks = marks
        scalars = ScalarTable(tokens)
        let spaceMark = Array("\u{2581}".utf8)
        let startsWithSpace = (0..<Int32(tokens.count)).map { tokens[$0].starts(with: spaceMark) }
        let endsWithSpace = (0..<Int32(tokens.count)).map {
            tokens[$0].suffix(3).elementsEqual(spaceMark)
        }
        var merges = MergeTable(capacity: file.merges.count)
        var wordsStandAlone = true
        for merge in file.merges {
            guard merges.append(merge.left, merge.right, product: merge.product) else {
                throw refusal("merge \(merges.count) comes twice")
            }
            if startsWithSpace[Int(merge.right)], !endsWithSpace[Int(merge.left)] {
                wordsStandAlone = false
            }
        }
        self.merges = merges
        self.wordsStandAlone = wordsStandAlone
        vocabularyCount = tokens.count
    }

    /// The ids of `text`.
    ///
    /// - Complexity: O(n log n) in the scalars of the longest word.
    func ids(of text: String) -> [Int32] {
        let utf8 = Array(text.utf8)
        var ids: [Int32] = []
        ids.reserveCapacity(utf8.count / 3 + 2)
        var start = 0
        while let mark = marks.next(in: utf8, from: start) {
            appendIDs(of: utf8[start..<mark.range.lowerBound], to: &ids)
            ids.append(mark.id)
            start = mark.range.upperBound
        }
        appendIDs(of: utf8[start...], to: &ids)
        return ids
    }

    /// The ids of a part without marks; a part of no bytes gets no space.
    private func appendIDs(of utf8: ArraySlice<UInt8>, to ids: inout [Int32]) {
        guard !utf8.isEmpty else { return }
        var run = MergeTable.Run()
        run.symbols.append(space)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            // The bytes are a String's, so that every sequence is whole.
            let end = index + ScalarTable.length(first: utf8[index])
            let symbol = utf8[index] == 0x20 ? space : scalars.id(of: utf8[index..<end])
            if symbol == space, wordsStandAlone, run.symbols.last != space {
                merges.merge(&run)
                ids += run.symbols
                run.symbols.removeAll(keepingCapacity: true)
            }
            if let symbol {
                run.symbols.append(symbol)
            } else {
                for byte in utf8[index..<end] { run.symbols.append(bytes[Int(byte)]) }
            }
            index = end
        }
        merges.merge(&run)
        ids += run.symbols
    }

    /// What of the settings is not what this type implements; nil where all is.
    private static func unknownPart(of settings: JSONValue) -> String? {
        let normalizer = JSONValue.object([
            "type": .string("Sequence"),
            "normalizers": .array([
                .object(["type": .string("Prepend"), "prepend": .string("\u{2581}")]),
                .object([
                    "type": .string("Replace"), "content": .string("\u{2581}"),
                    "pattern": .object(["String": .string(" ")]),
                ]),
            ]),
        ])
        let model = settings["model"]
        func isOff(_ key: String) -> Bool {
            [nil, .null, .bool(false)].contains(model?[key])
        }
        if settings["normalizer"] != normalizer { return "normalizer" }
        if ![nil, .null].contains(settings["pre_tokenizer"]) { return "pre_tokenizer" }
        if model?["type"] != .string("BPE") { return "model.type" }
        if model?["byte_fallback"] != .bool(true) { return "model.byte_fallback" }
        // The file's reader leaves these where it found them.
        if model?["vocab"]?.object == nil { return "model.vocab" }
        if model?["merges"]?.array == nil { return "model.merges" }
        for key in [
            "dropout", "continuing_subword_prefix", "end_of_word_suffix", "ignore_merges",
        ] where !isOff(key) {
            return "model.\(key)"
        }
        return nil
    }
}
