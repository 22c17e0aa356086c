internal import Foundation
internal import GRDB

extension MemoryReader {
    /// Figures for `status` and for every reply.
    ///
    /// - Parameter fingerprint: the vector space whose coverage is asked for; nil counts none.
    /// - Returns: the figures.
    /// - Throws: `StoreError`.
    public func figures(fingerprint: String?) throws(StoreError) -> MemoryFigures {
        try read { database in
            func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
                try Int.fetchOne(database, sql: sql, arguments: arguments) ?? 0
            }
            return MemoryFigures(
                generation: try count(
                    "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'generation'"),
                indexedAt: try String.fetchOne(
                    database, sql: "SELECT max(indexed_at) FROM documents"),
                documents: try count("SELECT count(*) FROM documents"),
                chunks: try count("SELECT count(*) FROM chunks"),
                embedded: try fingerprint.map { fingerprint in
                    try count(
                        """
                        SELECT count(*) FROM chunks JOIN vectors USING (embedding_key)
                        WHERE fingerprint = ?
                        """, [fingerprint])
                } ?? 0,
                facts: try count("SELECT count(*) FROM kv"))
        }
    }
}

/// How much a memory holds.
public struct MemoryFigures: Sendable, Equatable {
    /// Rises with every change of a document.
    public let generation: Int
    /// When a document was last indexed, in UTC; nil where there is none.
    public let indexedAt: String?
    /// Documents.
    public let documents: Int
    /// Passages.
    public let chunks: Int
    /// Passages with a vector of the space that was asked for.
    public let embedded: Int
    /// Facts.
    public let facts: Int

    /// The same with the number of embedded passages as one knows it who has all vectors at hand;
    /// counting them in the tables takes longer than a search.
    public func withEmbedded(_ count: Int) -> MemoryFigures {
        MemoryFigures(
            generation: generation, indexedAt: indexedAt, documents: documents, chunks: chunks,
            embedded: count, facts: facts)
    }
}
