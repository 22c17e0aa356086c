internal import Documents
internal import Foundation
internal import Store

extension Library {
    /// Documents stored in one transaction.
    private static let documentBatch = 256

    /// Takes documents that lie in no file, then embeds what has no vector.
    ///
    /// They are cut, stored and embedded as files are.
    ///
    /// - Throws: `StoreError`, and what the embedder throws.
    func take(
        _ documents: [Document], collection: String, now: Date,
        progress: @Sendable (IndexProgress) -> Void
    ) async throws -> IndexReport {
        for start in stride(from: 0, to: documents.count, by: Self.documentBatch) {
            progress(.reading(done: start, total: documents.count))
            let end = min(start + Self.documentBatch, documents.count)
            try writer.put(
                documents[start..<end].map { document in
                    let chunks = chunker.chunks(of: document).map(ChunkRecord.init(_:))
                    let record = record(of: document, collection: collection, now: now)
                    return (record, chunks)
                })
        }
        return try await embedOnly(progress)
    }
}
