internal import GRDB

/// A passage's place among the documents.
package struct PassageHeading: Sendable, Equatable {
    /// The passage.
    package let id: ChunkID
    /// The row id of its document, which it never leaves.
    package let document: Int64
    /// Title and headings above it, which stay as they are.
    package let breadcrumb: String

    /// A heading, field by field.
    package init(id: ChunkID, document: Int64, breadcrumb: String) {
        self.id = id
        self.document = document
        self.breadcrumb = breadcrumb
    }
}

extension MemoryReader {
    /// The headings of some passages; ids that are gone are left out.
    ///
    /// - Complexity: O(ids) look-ups; no text is read.
    package func headings(of ids: [ChunkID]) throws(StoreError) -> [PassageHeading] {
        guard !ids.isEmpty else { return [] }
        let list = Self.jsonArray(ids.map(\.rawValue))
        return try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT id, document_id, breadcrumb FROM chunks
                    WHERE id IN (SELECT value FROM json_each(?))
                    """)
            let rows = try Row.fetchCursor(statement, arguments: [list])
            var headings: [PassageHeading] = []
            while let row = try rows.next() {
                headings.append(
                    PassageHeading(
                        id: ChunkID(rawValue: row[0]), document: row[1], breadcrumb: row[2]))
            }
            return headings
        }
    }

    /// The texts of some passages, by id; ids that are gone are left out.
    package func bodies(of ids: [ChunkID]) throws(StoreError) -> [ChunkID: String] {
        guard !ids.isEmpty else { return [:] }
        let list = Self.jsonArray(ids.map(\.rawValue))
        return try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, body FROM chunks WHERE id IN (SELECT value FROM json_each(?))")
            let rows = try Row.fetchCursor(statement, arguments: [list])
            var bodies: [ChunkID: String] = [:]
            while let row = try rows.next() { bodies[ChunkID(rawValue: row[0])] = row[1] }
            return bodies
        }
    }
}
