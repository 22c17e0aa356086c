internal import GRDB

/// Where a passage stands, without its text.
public struct StoredPlace: Sendable, Equatable {
    /// The passage.
    public let id: ChunkID
    /// Its document.
    public let path: String
    /// Its lines, 1-based.
    public let lines: ClosedRange<Int>
    /// Title and headings above it.
    public let breadcrumb: String
}

extension MemoryReader {
    /// The passages right before and behind some passages, in the order of their file.
    ///
    /// - Parameters:
    ///   - ids: the passages.
    ///   - reach: how many to each side.
    ///   - scope: what may be shown.
    /// - Returns: the neighbours of each passage that has any.
    /// - Throws: `StoreError`.
    /// - Complexity: O(passages of the documents).
    public func neighbours(
        of ids: [ChunkID], reach: Int, in scope: PassageScope
    ) throws(StoreError) -> [ChunkID: [StoredPlace]] {
        let (condition, arguments) = scope.condition(
            passage: "near.id", document: "near.document_id")
        let list = Self.jsonArray(ids.map(\.rawValue))
        let rows = try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT hit.id AS hit, near.id, path, near.start_line, near.end_line,
                        near.breadcrumb
                    FROM chunks AS hit
                    JOIN chunks AS near ON near.document_id = hit.document_id
                        AND near.ordinal BETWEEN hit.ordinal - :reach AND hit.ordinal + :reach
                        AND near.id <> hit.id
                    JOIN documents ON documents.id = hit.document_id
                    WHERE hit.id IN (SELECT value FROM json_each(:list)) \(condition)
                    ORDER BY near.ordinal
                    """, arguments: arguments + ["reach": reach, "list": list]
            ).map { row -> (ChunkID, StoredPlace) in
                let (first, last): (Int, Int) = (row["start_line"], row["end_line"])
                let place = StoredPlace(
                    id: ChunkID(rawValue: row["id"]), path: row["path"],
                    lines: first...max(first, last), breadcrumb: row["breadcrumb"])
                return (ChunkID(rawValue: row["hit"]), place)
            }
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
}
