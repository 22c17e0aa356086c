internal import GRDB

extension MemoryWriter {
    /// Puts a document and its passages in place of what was there under its path.
    ///
    /// One transaction: a reader, or a crash, sees the old document or the new one. Passages whose
    /// text and breadcrumb stayed the same keep their ids.
    ///
    /// - Returns: how the passages changed.
    public func put(
        _ document: DocumentRecord, chunks: [ChunkRecord]
    ) throws(StoreError) -> ChunkChanges {
        try write { try put(document, chunks: chunks, in: $0) }
    }

    /// Puts many documents with their passages as `put(_:chunks:)` does, all in one transaction.
    public func put(
        _ documents: [(document: DocumentRecord, chunks: [ChunkRecord])]
    ) throws(StoreError) {
        try write { database in
            for (document, chunks) in documents {
                _ = try put(document, chunks: chunks, in: database)
            }
        }
    }

    private func put(
        _ document: DocumentRecord, chunks: [ChunkRecord], in database: Database
    ) throws -> ChunkChanges {
        let id = try upsert(document, in: database)
        var known: [String: [Int64]] = [:]
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT id, embedding_key FROM chunks WHERE document_id = ? ORDER BY id DESC",
            arguments: [id])
        for row in rows { known[row["embedding_key"], default: []].append(row["id"]) }
        var changes = ChunkChanges()
        for (ordinal, chunk) in chunks.enumerated() {
            if let kept = known[chunk.embeddingKey]?.popLast() {
                try move(kept, to: chunk, ordinal: ordinal, in: database)
                changes.reused += 1
            } else {
                try Self.insertChunk(chunk, ordinal: ordinal, document: id, in: database)
                changes.added += 1
            }
        }
        changes.removed = try removeChunks(Array(known.values.joined()), in: database)
        try bumpGeneration(in: database)
        return changes
    }

    /// Removes documents with their passages, in one transaction.
    ///
    /// - Returns: the number of passages removed.
    public func removeDocuments(_ paths: [String]) throws(StoreError) -> Int {
        guard !paths.isEmpty else { return 0 }
        return try write { database in
            var removed = 0
            for path in paths {
                let chunks = try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT chunks.id FROM chunks
                        JOIN documents ON documents.id = document_id WHERE path = ?
                        """, arguments: [path])
                removed += try removeChunks(chunks, in: database)
                try database.execute(sql: "DELETE FROM documents WHERE path = ?", arguments: [path])
            }
            try bumpGeneration(in: database)
            return removed
        }
    }

    private func upsert(_ document: DocumentRecord, in database: Database) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: """
                INSERT INTO documents(path, docid, collection, kind, title, content_hash, chunker,
                    front_matter, indexed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(path) DO UPDATE SET collection = excluded.collection,
                    kind = excluded.kind, title = excluded.title,
                    content_hash = excluded.content_hash, chunker = excluded.chunker,
                    front_matter = excluded.front_matter, indexed_at = excluded.indexed_at
                RETURNING id
                """,
            arguments: [
                document.path, document.docid, document.collection, document.kind, document.title,
                document.contentHash, document.chunker, document.frontMatter, document.indexedAt,
            ]) ?? 0
    }

    /// Adds a passage, to the table and to the full text.
    static func insertChunk(
        _ chunk: ChunkRecord, ordinal: Int, document: Int64, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO chunks(document_id, ordinal, start_line, end_line, start_byte, end_byte,
                    breadcrumb, body, identifiers, tokens, embedding_key)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                document, ordinal, chunk.lines.lowerBound, chunk.lines.upperBound,
                chunk.bytes.lowerBound, chunk.bytes.upperBound, chunk.breadcrumb, chunk.body,
                chunk.identifiers, chunk.tokens, chunk.embeddingKey,
            ])
        let id = database.lastInsertedRowID
        try learnText(of: chunk, id, in: database)
        try VectorLog.note(id, in: database)
    }

    /// Removes passages and what full-text search knows of them; returns how many.
    private func removeChunks(_ ids: [Int64], in database: Database) throws -> Int {
        for id in ids {
            try forgetText(of: id, in: database)
            try database.execute(sql: "DELETE FROM chunks WHERE id = ?", arguments: [id])
            try VectorLog.note(id, in: database)
        }
        return ids.count
    }

    /// Gives a passage that stays its new place and figures; its text is the same.
    private func move(
        _ id: Int64, to chunk: ChunkRecord, ordinal: Int, in database: Database
    ) throws {
        let identifiers = try String.fetchOne(
            database, sql: "SELECT identifiers FROM chunks WHERE id = ?", arguments: [id])
        if identifiers != chunk.identifiers { try forgetText(of: id, in: database) }
        try database.execute(
            sql: """
                UPDATE chunks SET ordinal = ?, start_line = ?, end_line = ?, start_byte = ?,
                    end_byte = ?, identifiers = ?, tokens = ? WHERE id = ?
                """,
            arguments: [
                ordinal, chunk.lines.lowerBound, chunk.lines.upperBound, chunk.bytes.lowerBound,
                chunk.bytes.upperBound, chunk.identifiers, chunk.tokens, id,
            ])
        if identifiers != chunk.identifiers { try Self.learnText(of: chunk, id, in: database) }
    }

    /// Tells the full text of a passage.
    private static func learnText(
        of chunk: ChunkRecord, _ id: Int64, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO chunk_text(rowid, breadcrumb, body, identifiers) VALUES (?, ?, ?, ?)
                """, arguments: [id, chunk.breadcrumb, chunk.body, chunk.identifiers])
        try database.execute(
            sql: "INSERT INTO chunk_names(rowid, breadcrumb, identifiers) VALUES (?, ?, ?)",
            arguments: [id, chunk.breadcrumb, chunk.identifiers])
    }

    /// Tells the full text to forget a passage; it holds no copy, so it must be told what.
    private func forgetText(of id: Int64, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO chunk_text(chunk_text, rowid, breadcrumb, body, identifiers)
                SELECT 'delete', id, breadcrumb, body, identifiers FROM chunks WHERE id = ?
                """, arguments: [id])
        try database.execute(
            sql: """
                INSERT INTO chunk_names(chunk_names, rowid, breadcrumb, identifiers)
                SELECT 'delete', id, breadcrumb, identifiers FROM chunks WHERE id = ?
                """, arguments: [id])
    }

    private func bumpGeneration(in database: Database) throws {
        try database.execute(
            sql: "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")
    }
}
