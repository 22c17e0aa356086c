internal import Foundation
internal import GRDB

/// A full-text query: terms of which any may match.
///
/// A user's text never reaches SQLite's MATCH as syntax: every term is a quoted string.
public struct FullTextQuery: Sendable, Equatable {
    let phrases: [String]

    /// Nil where no term holds a letter or a digit.
    ///
    /// - Parameter terms: words or phrases; those of several words must match in order.
    public init?(anyOf terms: [String]) {
        // By scalars: a quote stays one, whatever mark stands on it.
        let quoted = terms.filter { $0.contains { $0.isLetter || $0.isNumber } }.map { term in
            var text = String.UnicodeScalarView()
            for scalar in term.unicodeScalars where scalar != "\0" {
                if scalar == "\"" { text.append(scalar) }
                text.append(scalar)
            }
            return "\"" + String(text) + "\""
        }
        guard !quoted.isEmpty else { return nil }
        phrases = quoted
    }
}

/// A passage that matched, with the score of one channel; greater is nearer.
public struct ScoredChunk: Sendable, Equatable {
    /// The passage.
    public let id: ChunkID
    /// Greater is nearer.
    public let score: Double

    /// A passage with its score.
    public init(id: ChunkID, score: Double) {
        self.id = id
        self.score = score
    }
}

/// A passage together with what is known of its document.
public struct StoredPassage: Sendable, Equatable {
    /// Its id.
    public let id: ChunkID
    /// Its place and text.
    public let chunk: ChunkRecord
    /// Its document.
    public let document: DocumentRecord
}

/// A document's row id with what filters look at.
public struct DocumentSummary: Sendable, Equatable {
    /// Valid within one memory.
    public let rowID: Int64
    /// Its path.
    public let path: String
    /// Its group.
    public let collection: String
    /// Its role.
    public let kind: String
}

/// The vectors of one space, as stored.
public struct StoredVectors: Sendable, Equatable {
    /// The passages, in order of their ids.
    public let ids: [ChunkID]
    /// Their vectors one after the other, little-endian f32.
    public let bytes: [UInt8]
}

/// A text that has no vector yet.
public struct UnembeddedText: Sendable, Equatable {
    /// A passage that holds it.
    public let id: ChunkID
    /// Names the text.
    public let embeddingKey: String
    /// Title and headings above it.
    public let breadcrumb: String
    /// The text.
    public let body: String
}

extension MemoryReader {
    /// The passages that match best by BM25, best first; equal scores by id.
    ///
    /// - Parameters:
    ///   - query: the terms.
    ///   - scope: where to look.
    ///   - limit: the most passages returned.
    /// - Returns: ids with scores.
    /// - Throws: `StoreError`; no match is not an error.
    /// - Source: SQLite FTS5's `bm25()`.
    public func lexicalMatches(
        _ query: FullTextQuery, in scope: PassageScope = PassageScope(), limit: Int
    ) throws(StoreError) -> [ScoredChunk] {
        try textMatches(query.phrases, in: .passages, scope, limit: limit)
    }

    /// The row ids of the documents of a role.
    public func documentIDs(kind: String) throws(StoreError) -> [Int64] {
        try read { database in
            try Int64.fetchAll(
                database, sql: "SELECT id FROM documents WHERE kind = ? ORDER BY id",
                arguments: [kind])
        }
    }

    /// Every document's row id, path, collection and kind, in order of paths.
    public func documentSummaries() throws(StoreError) -> [DocumentSummary] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT id, path, collection, kind FROM documents ORDER BY path"
            ).map { row in
                DocumentSummary(
                    rowID: row["id"], path: row["path"], collection: row["collection"],
                    kind: row["kind"])
            }
        }
    }

    /// The passages with these ids, in the order asked; ids that are gone are left out.
    public func passages(_ ids: [ChunkID]) throws(StoreError) -> [StoredPassage] {
        let list = Self.jsonArray(ids.map(\.rawValue))
        let found = try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(StoredPassage.columns)
                    FROM chunks JOIN documents ON documents.id = document_id
                    WHERE chunks.id IN (SELECT value FROM json_each(?))
                    """)
            return try Array(
                Row.fetchCursor(statement, arguments: [list]).map(StoredPassage.init(row:)))
        }
        let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        return ids.compactMap { byID[$0] }
    }

    /// All passages of one document in the order of the file; none where it is unknown.
    public func passages(ofDocumentAt path: String) throws(StoreError) -> [StoredPassage] {
        let ids = try read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT chunks.id FROM chunks JOIN documents ON documents.id = document_id
                    WHERE path = ? ORDER BY ordinal
                    """, arguments: [path])
        }
        return try passages(ids.map(ChunkID.init(rawValue:)))
    }

    /// The vectors of one space, for all passages or those of some documents, in order of ids.
    ///
    /// - Complexity: O(bytes returned).
    public func vectors(
        fingerprint: String, documents: [Int64]?
    ) throws(StoreError) -> StoredVectors {
        let filter = documents.map(Self.jsonArray)
        return try read { database in
            var arguments: StatementArguments = ["fingerprint": fingerprint]
            if let filter { arguments += ["filter": filter] }
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT chunks.id, vector FROM chunks
                    JOIN vectors ON vectors.embedding_key = chunks.embedding_key
                        AND fingerprint = :fingerprint
                    \(filter == nil ? "" : "WHERE document_id IN (SELECT value FROM json_each(:filter))")
                    ORDER BY chunks.id
                    """, arguments: arguments)
            var ids: [ChunkID] = []
            var bytes: [UInt8] = []
            while let row = try rows.next() {
                ids.append(ChunkID(rawValue: row[0]))
                try row.withUnsafeData(atIndex: 1) { bytes.append(contentsOf: $0 ?? Data()) }
            }
            return StoredVectors(ids: ids, bytes: bytes)
        }
    }

    /// Texts without a vector of one space, oldest passage first.
    ///
    /// - Parameters:
    ///   - fingerprint: the space.
    ///   - last: the last passage of the page before; nil begins.
    ///   - limit: the most texts of a page.
    /// - Returns: the texts, each once in a page.
    /// - Throws: `StoreError`.
    public func unembedded(
        fingerprint: String, after last: ChunkID? = nil, limit: Int
    ) throws(StoreError) -> [UnembeddedText] {
        try read { database in
            let texts = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, embedding_key, breadcrumb, body FROM chunks
                    WHERE id > ? AND NOT EXISTS
                        (SELECT 1 FROM vectors WHERE fingerprint = ?
                            AND vectors.embedding_key = chunks.embedding_key)
                    ORDER BY id LIMIT ?
                    """, arguments: [last?.rawValue ?? 0, fingerprint, limit]
            ).map { row in
                UnembeddedText(
                    id: ChunkID(rawValue: row["id"]), embeddingKey: row["embedding_key"],
                    breadcrumb: row["breadcrumb"], body: row["body"])
            }
            // Grouping would look at every passage for each page.
            var seen: Set<String> = []
            return texts.filter { seen.insert($0.embeddingKey).inserted }
        }
    }

    /// The number of different texts without a vector of one space.
    public func unembeddedCount(fingerprint: String) throws(StoreError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT embedding_key) FROM chunks WHERE embedding_key NOT IN
                        (SELECT embedding_key FROM vectors WHERE fingerprint = ?)
                    """, arguments: [fingerprint]) ?? 0
        }
    }

    /// The number of vectors that are stored, of all spaces.
    public func vectorCount() throws(StoreError) -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM vectors") ?? 0 }
    }

    /// What `meta` says under a name; nil where it says nothing.
    public func meta(_ name: String) throws(StoreError) -> String? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
        }
    }

    static func jsonArray(_ ids: [Int64]) -> String {
        "[" + ids.map(String.init).joined(separator: ",") + "]"
    }
}

extension MemoryWriter {
    /// Stores vectors of one space, in one transaction.
    ///
    /// - Parameters:
    ///   - vectors: texts' names with their vectors, little-endian f32.
    ///   - fingerprint: the space.
    /// - Throws: `StoreError`; then none is stored.
    public func putVectors(
        _ vectors: [(embeddingKey: String, bytes: [UInt8])], fingerprint: String
    ) throws(StoreError) {
        try write { database in
            for vector in vectors {
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO vectors(fingerprint, embedding_key, vector)
                        VALUES (?, ?, ?)
                        """, arguments: [fingerprint, vector.embeddingKey, Data(vector.bytes)])
                try VectorLog.note(embeddingKey: vector.embeddingKey, in: database)
            }
        }
    }

    /// Notes a space as the one that a role's vectors are of, whether or not it has vectors to come.
    public func setSpace(_ fingerprint: String, of role: VectorRole) throws(StoreError) {
        guard try reader.meta(role.metaName) != fingerprint else { return }
        try write { database in
            // The table may be another program's, without a primary key.
            try database.execute(
                sql: "DELETE FROM meta WHERE name = ?", arguments: [role.metaName])
            try database.execute(
                sql: "INSERT INTO meta(name, value) VALUES (?, ?)",
                arguments: [role.metaName, fingerprint])
        }
    }

    /// Removes vectors of texts that no passage holds any more.
    ///
    /// - Returns: how many.
    public func removeUnusedVectors() throws(StoreError) -> Int {
        try write { database in
            try database.execute(
                sql: """
                    DELETE FROM vectors WHERE embedding_key NOT IN
                        (SELECT embedding_key FROM chunks)
                    """)
            return database.changesCount
        }
    }
}

extension StoredPassage {
    /// Read by their places: a search reads some hundred of them.
    fileprivate static let columns = """
        chunks.id, start_line, end_line, start_byte, end_byte, breadcrumb, body, identifiers, tokens,
        embedding_key, path, docid, collection, kind, title, content_hash, chunker, front_matter,
        indexed_at
        """

    fileprivate init(row: Row) {
        let (startLine, endLine): (Int, Int) = (row[1], row[2])
        let (startByte, endByte): (Int, Int) = (row[3], row[4])
        self.init(
            id: ChunkID(rawValue: row[0]),
            chunk: ChunkRecord(
                lines: startLine...max(startLine, endLine),
                bytes: startByte..<max(startByte, endByte), breadcrumb: row[5], body: row[6],
                identifiers: row[7], tokens: row[8], embeddingKey: row[9]),
            document: DocumentRecord(
                path: row[10], docid: row[11], collection: row[12], kind: row[13],
                title: row[14], contentHash: row[15], chunker: row[16], frontMatter: row[17],
                indexedAt: row[18]))
    }
}
