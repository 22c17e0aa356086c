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
    /// The documents with these row ids, in order of paths; ids that are gone are left out.
    ///
    /// - Complexity: O(ids) look-ups.
    package func documentCards(_ ids: [Int64]) throws(StoreError) -> [DocumentCard] {
        guard !ids.isEmpty else { return [] }
        return try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT id, path, kind, title, front_matter FROM documents
                    WHERE id IN (SELECT value FROM json_each(?)) ORDER BY path
                    """)
            return try Row.fetchAll(statement, arguments: [Self.jsonArray(ids)])
                .map(DocumentCard.init(row:))
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
            rowID: row[0], path: row[1], kind: row[2], title: row[3], frontMatter: row[4])
    }
}
