internal import GRDB

extension MemoryReader {
    /// The path of every passage's document.
    ///
    /// - Complexity: O(passages).
    public func passagePaths() throws(StoreError) -> [ChunkID: String] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT chunks.id, path FROM chunks
                    JOIN documents ON documents.id = document_id
                    """)
            var paths: [ChunkID: String] = [:]
            while let row = try rows.next() { paths[ChunkID(rawValue: row[0])] = row[1] }
            return paths
        }
    }
}
