internal import GRDB

/// A file or folder that is looked at again by every index without a path.
public struct IndexedRoot: Sendable, Equatable {
    /// Relative to the memory's root when below it, else absolute.
    public let path: String
    /// The group its documents belong to.
    public let collection: String

    /// A root and its group.
    public init(path: String, collection: String) {
        self.path = path
        self.collection = collection
    }
}

extension MemoryReader {
    /// The roots in order of their paths.
    public func roots() throws(StoreError) -> [IndexedRoot] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT path, collection FROM roots ORDER BY path")
                .map { IndexedRoot(path: $0["path"], collection: $0["collection"]) }
        }
    }

    /// What is known of every file that was indexed, by path.
    public func documentStates() throws(StoreError) -> [String: DocumentState] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT path, content_hash, chunker, collection, count(chunks.id) AS chunks
                    FROM documents LEFT JOIN chunks ON document_id = documents.id
                    WHERE kind <> 'event'
                    GROUP BY documents.id
                    """)
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    let state = DocumentState(
                        contentHash: row["content_hash"], chunker: row["chunker"],
                        collection: row["collection"], chunkCount: row["chunks"])
                    return (row["path"], state)
                })
        }
    }

    /// The paths of the documents whose docid starts with some digits, sorted.
    public func paths(docidPrefix: String) throws(StoreError) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT path FROM documents
                    WHERE substr(docid, 1, length(:prefix)) = :prefix ORDER BY path
                    """, arguments: ["prefix": docidPrefix])
        }
    }
}

/// What decides whether a document must be indexed again.
public struct DocumentState: Sendable, Equatable {
    /// The SHA-256 of its bytes when it was indexed.
    public let contentHash: String
    /// The version of the rules it was cut by.
    public let chunker: String
    /// The group it belongs to.
    public let collection: String
    /// The number of its passages.
    public let chunkCount: Int
}

extension MemoryWriter {
    /// Remembers a root; the collection of a known one is replaced.
    public func addRoot(_ root: IndexedRoot) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO roots(path, collection) VALUES (?, ?)
                    ON CONFLICT(path) DO UPDATE SET collection = excluded.collection
                    """, arguments: [root.path, root.collection])
        }
    }
}
