internal import Documents
internal import Store

/// What of a passage is embedded, and the name of that text.
enum PassageText {
    /// The text that is embedded: where the passage stands, then what it says.
    static func embedded(breadcrumb: String, body: String) -> String {
        breadcrumb + "\n" + body
    }

    /// What the memory keeps of a chunk.
    static func record(of chunk: Chunk) -> ChunkRecord {
        let text = embedded(breadcrumb: chunk.breadcrumb, body: chunk.text)
        return ChunkRecord(
            lines: chunk.lines, bytes: chunk.bytes, breadcrumb: chunk.breadcrumb, body: chunk.text,
            identifiers: IdentifierWords.words(in: chunk.breadcrumb + " " + chunk.text)
                .joined(separator: " "),
            tokens: chunk.tokenEstimate, embeddingKey: ContentHash(of: text.utf8).rawValue)
    }
}
