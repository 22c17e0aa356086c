internal import Foundation
internal import GRDB

/// What has happened to the vectors of a space since a moment, for an index that follows them.
public struct VectorChanges: Sendable, Equatable {
    /// The moment that these changes lead to.
    public let sequence: Int64
    /// Whether these are all vectors that there are, because the moment asked for is not known (any
    /// more); else only those that changed.
    public let isWhole: Bool
    /// Passages in order of their ids, each once, with their vectors as little-endian f32; nil for one
    /// that has none now.
    public let rows: [Row]

    /// A passage with its vector.
    public struct Row: Sendable, Equatable {
        /// The passage.
        public let id: ChunkID
        /// Nil where it has none now.
        public let vector: [UInt8]?
    }
}

extension MemoryReader {
    /// Names this memory's run of changes; another memory's has another name.
    ///
    /// Empty where there is none yet.
    public func vectorLogID() throws(StoreError) -> String {
        try meta(VectorLog.idName) ?? ""
    }

    /// What has happened to the vectors of a space since a moment, and which moment this is.
    ///
    /// - Parameters:
    ///   - fingerprint: the space.
    ///   - sequence: the moment; nil for all vectors.
    /// - Returns: the changes, from one consistent state.
    /// - Throws: `StoreError`.
    /// - Complexity: O(bytes returned).
    public func vectorChanges(
        fingerprint: String, after sequence: Int64?
    ) throws(StoreError) -> VectorChanges {
        try read { database in
            let last =
                try Int64.fetchOne(
                    database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'vector_log'")
                ?? 0
            let start =
                try Int64.fetchOne(
                    database, sql: "SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?",
                    arguments: [VectorLog.startName]) ?? 0
            // A memory that no newer program has written to has no log.
            let isLogged =
                try String.fetchOne(
                    database, sql: "SELECT value FROM meta WHERE name = ?",
                    arguments: [VectorLog.idName]) != nil
            if isLogged, let sequence, (start...max(start, last)).contains(sequence) {
                let rows = try VectorLog.rows(
                    database,
                    """
                    WITH changed AS (SELECT DISTINCT chunk_id FROM vector_log WHERE seq > :after)
                    SELECT chunk_id, vector FROM changed
                    LEFT JOIN chunks ON chunks.id = chunk_id
                    LEFT JOIN vectors ON vectors.embedding_key = chunks.embedding_key
                        AND fingerprint = :fingerprint
                    ORDER BY chunk_id
                    """, ["after": sequence, "fingerprint": fingerprint])
                return VectorChanges(sequence: last, isWhole: false, rows: rows)
            }
            let rows = try VectorLog.rows(
                database,
                """
                SELECT chunks.id, vector FROM chunks
                JOIN vectors ON vectors.embedding_key = chunks.embedding_key
                    AND fingerprint = :fingerprint
                ORDER BY chunks.id
                """, ["fingerprint": fingerprint])
            return VectorChanges(sequence: last, isWhole: true, rows: rows)
        }
    }
}

extension MemoryWriter {
    /// Forgets the changes up to a moment, because the index that follows them has them on the disk.
    public func trimVectorLog(through sequence: Int64) throws(StoreError) {
        guard try reader.meta(VectorLog.startName) != String(sequence) else { return }
        try write { database in
            try database.execute(
                sql: "DELETE FROM vector_log WHERE seq <= ?", arguments: [sequence])
            try database.execute(
                sql: "UPDATE meta SET value = ? WHERE name = ?",
                arguments: [String(sequence), VectorLog.startName])
        }
    }
}

/// The log that every change of a passage or its vector is noted in, in the same transaction.
enum VectorLog {
    static let idName = "vector_log_id"
    /// What `meta` calls the moment before which nothing is known.
    static let startName = "vector_log_start"

    // AUTOINCREMENT: a moment is never named twice.
    static let schema = """
        CREATE TABLE vector_log(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            chunk_id INTEGER NOT NULL
        );
        DELETE FROM meta WHERE name IN ('\(idName)', '\(startName)');
        INSERT INTO meta(name, value) VALUES
            ('\(idName)', lower(hex(randomblob(16)))), ('\(startName)', '0');
        """

    /// Notes that a passage came, went or has another vector.
    static func note(_ chunk: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO vector_log(chunk_id) VALUES (?)")
            .execute(arguments: [chunk])
    }

    /// Notes that the passages with a text have another vector.
    static func note(embeddingKey: String, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO vector_log(chunk_id) SELECT id FROM chunks WHERE embedding_key = ?
                """
        ).execute(arguments: [embeddingKey])
    }

    fileprivate static func rows(
        _ database: Database, _ sql: String, _ arguments: StatementArguments
    ) throws -> [VectorChanges.Row] {
        let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        var rows: [VectorChanges.Row] = []
        while let row = try cursor.next() {
            let vector = try row.withUnsafeData(atIndex: 1) { $0.map { Array($0) } }
            rows.append(VectorChanges.Row(id: ChunkID(rawValue: row[0]), vector: vector))
        }
        return rows
    }
}
