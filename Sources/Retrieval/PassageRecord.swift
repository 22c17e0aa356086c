internal import Documents
internal import Store

extension ChunkRecord {
    /// What the memory keeps of a chunk.
    init(_ chunk: Chunk) {
        let identifiers = IdentifierWords.words(in: chunk.breadcrumb + " " + chunk.text)
        self.init(
            lines: chunk.lines, bytes: chunk.bytes, breadcrumb: chunk.breadcrumb, body: chunk.text,
            identifiers: identifiers.joined(separator: " "), tokens: chunk.tokenEstimate,
            embeddingKey: EmbeddedText.key(breadcrumb: chunk.breadcrumb, body: chunk.text))
    }
}
