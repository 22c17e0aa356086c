public import Foundation
internal import GRDB

/// Where to look for passages: what does not lie in it is never counted, in no channel.
public struct PassageScope: Sendable, Equatable {
    /// Row ids of documents; nil for all.
    public var documents: [Int64]?
    /// Of the timeline's events only those at or after this time; nil for all.
    public var eventsFrom: Date?
    /// Of the timeline's events only those at or before this time; nil for all.
    public var eventsUntil: Date?

    /// A scope; the whole memory unless told otherwise.
    public init(documents: [Int64]? = nil, eventsFrom: Date? = nil, eventsUntil: Date? = nil) {
        self.documents = documents
        self.eventsFrom = eventsFrom
        self.eventsUntil = eventsUntil
    }

    /// Whether nothing lies outside.
    public var isEverything: Bool { documents == nil && eventsFrom == nil && eventsUntil == nil }

    /// What must be true of a passage, as SQL that begins with `AND`; empty for everything.
    ///
    /// - Parameters:
    ///   - passage: the expression of its id.
    ///   - document: the expression of its document's row id.
    /// - Returns: the condition, and its arguments.
    func condition(passage: String, document: String) -> (sql: String, StatementArguments) {
        var sql = ""
        var arguments: StatementArguments = [:]
        if let documents {
            sql += " AND \(document) IN (SELECT value FROM json_each(:documents))"
            arguments += ["documents": MemoryReader.jsonArray(documents)]
        }
        if eventsFrom != nil || eventsUntil != nil {
            sql += " AND \(passage) NOT IN (\(Self.eventsOutside))"
            arguments += [
                "events_from": (eventsFrom ?? .distantPast).timeIntervalSince1970,
                "events_until": (eventsUntil ?? .distantFuture).timeIntervalSince1970,
            ]
        }
        return (sql, arguments)
    }

    // Whoever wrote an event put its time as they liked: SQLite reads ISO 8601 with any offset, and
    // an event whose time it cannot read lies outside of every span.
    private static let eventsOutside = """
        SELECT chunks.id FROM documents JOIN chunks ON document_id = documents.id
        LEFT JOIN events ON line_number = ordinal
        WHERE kind = 'event' AND NOT coalesce(
            ts GLOB '[0-9][0-9][0-9][0-9]-*' AND CAST(strftime('%s', ts) AS REAL)
                BETWEEN :events_from AND :events_until, FALSE)
        """
}

extension MemoryReader {
    /// The passages that lie in a scope, in order of their ids.
    ///
    /// - Complexity: O(passages in the scope).
    public func chunkIDs(in scope: PassageScope) throws(StoreError) -> [ChunkID] {
        let (condition, arguments) = scope.condition(passage: "id", document: "document_id")
        return try read { database in
            try Int64.fetchAll(
                database, sql: "SELECT id FROM chunks WHERE TRUE \(condition) ORDER BY id",
                arguments: arguments
            ).map(ChunkID.init(rawValue:))
        }
    }
}
