internal import GRDB

extension MemoryReader {
    /// The breadcrumbs of some passages, by id; ids that are gone are left out.
    ///
    /// - Complexity: O(ids) look-ups; no text is read.
    public func breadcrumbs(of ids: [ChunkID]) throws(StoreError) -> [ChunkID: String] {
        let list = Self.jsonArray(ids.map(\.rawValue))
        return try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, breadcrumb FROM chunks
                    WHERE id IN (SELECT value FROM json_each(?))
                    """, arguments: [list])
            return Dictionary(
                uniqueKeysWithValues: rows.map { (ChunkID(rawValue: $0["id"]), $0["breadcrumb"]) })
        }
    }
}
