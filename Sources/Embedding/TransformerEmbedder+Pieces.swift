extension TransformerEmbedder {
    /// The ids of each text under a vocabulary file, uncut and without the marks around them: what a
    /// tokenizer can be compared by.
    ///
    /// - Throws: `.modelMissing`, or `.malformed` where a mark of the model is missing.
    package static func pieces(
        of texts: [String], vocabulary path: String
    ) throws(EmbeddingError) -> [[Int32]] {
        let tokenizer = try WordPieceTokenizer(vocabulary: path)
        return texts.map { tokenizer.pieces(of: $0) }
    }
}
