internal import GRDB

/// What ranking looks at of a document.
public struct DocumentCard: Sendable, Equatable {
    /// Valid within one memory.
    public let rowID: Int64
    /// Its path.
    public let path: String
    /// Its role.
    public let kind: String
    /// Its title.
    public let title: String
    /// What its front matter says, as canonical JSON; `{}` where it has none.
    public let frontMatter: String

    /// A card, field by field.
    public init(rowID: Int64, path: String, kind: String, title: String, frontMatter: String) {
        self.rowID = rowID
        self.path = path
        self.kind = kind
        self.title = title
        self.frontMatter = frontMatter
    }
}

extension MemoryReader {
    /// The document of each of some passages; passages that are gone are left out.
    ///
    /// - Parameters:
    ///   - ids: the passages.
    ///   - onlySpeaking: whether documents without front matter are left out, with their passages.
    /// - Returns: each document once, in order of paths, and the row id of each passage's.
    /// - Throws: `StoreError`.
    /// - Complexity: O(passages) look-ups; no text is read.
    public func documents(
        ofPassages ids: [ChunkID], onlySpeaking: Bool
    ) throws(StoreError) -> (cards: [DocumentCard], of: [ChunkID: Int64]) {
        let list = Self.jsonArray(ids.map(\.rawValue))
        return try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT chunks.id, document_id FROM chunks
                    \(onlySpeaking ? "JOIN documents ON documents.id = document_id" : "")
                    WHERE chunks.id IN (SELECT value FROM json_each(?))
                        \(onlySpeaking ? "AND front_matter <> '{}'" : "")
                    """, arguments: [list])
            var documents: [ChunkID: Int64] = [:]
            while let row = try rows.next() { documents[ChunkID(rawValue: row[0])] = row[1] }
            guard !documents.isEmpty else { return ([], [:]) }
            let cards = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, path, kind, title, front_matter FROM documents
                    WHERE id IN (SELECT value FROM json_each(?)) ORDER BY path
                    """, arguments: [Self.jsonArray(Array(Set(documents.values)))])
            return (cards.map(DocumentCard.init(row:)), documents)
        }
    }

    /// Every document, in order of paths.
    ///
    /// - Complexity: O(documents and what their front matter says).
    public func documentCards() throws(StoreError) -> [DocumentCard] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id, path, kind, title, front_matter FROM documents ORDER BY path"
            ).map(DocumentCard.init(row:))
        }
    }
}

extension DocumentCard {
    fileprivate init(row: Row) {
        self.init(
            rowID: row["id"], path: row["path"], kind: row["kind"], title: row["title"],
            frontMatter: row["front_matter"])
    }
}
