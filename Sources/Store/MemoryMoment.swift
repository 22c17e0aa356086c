internal import GRDB

/// Names a state of a memory's documents and passages: where two moments are the same, so are they.
package struct MemoryMoment: Sendable, Hashable {
    /// Names the memory.
    package let memory: String
    /// Rises with every change of a document.
    package let generation: Int
    /// Rises with every passage that comes, goes or has another vector.
    package let sequence: Int64

    /// The moment that a read stands at; nil in a memory that keeps no log of its passages.
    init?(_ database: Database) throws {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT (SELECT value FROM meta WHERE name = '\(VectorLog.idName)'),
                        (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'generation'),
                        (SELECT seq FROM sqlite_sequence WHERE name = 'vector_log')
                    """))
        guard let row, let memory: String = row[0] else { return nil }
        self.memory = memory
        generation = row[1] ?? 0
        sequence = row[2] ?? 0
    }
}

/// What every search must know of a memory.
package struct MemoryOutline: Sendable, Equatable {
    /// When this was so; nil in a memory that keeps no log of its passages.
    package let moment: MemoryMoment?
    /// Rises with every change of a document.
    package let generation: Int
    /// When a document was last indexed, in UTC; nil where there is none.
    package let indexedAt: String?
    /// Passages.
    package let chunks: Int
    /// Whether there is a timeline among the documents.
    package let hasEvents: Bool

    init(_ database: Database, _ moment: MemoryMoment?) throws {
        self.moment = moment
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'generation'),
                        (SELECT max(indexed_at) FROM documents), (SELECT count(*) FROM chunks),
                        EXISTS (SELECT 1 FROM documents WHERE kind = 'event')
                    """))
        generation = row?[0] ?? 0
        indexedAt = row?[1]
        chunks = row?[2] ?? 0
        hasEvents = row?[3] ?? false
    }
}

extension MemoryReader {
    /// What every search must know; read again only where the memory changed.
    package func outline() throws(StoreError) -> MemoryOutline {
        try read { database in
            let moment = try MemoryMoment(database)
            guard let cache, let moment else { return try MemoryOutline(database, moment) }
            return try cache.outline(at: moment, database)
        }
    }
}
