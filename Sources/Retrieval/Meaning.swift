internal import Embedding
internal import Store
internal import Vectors

/// A query as a vector of one space, and the index that it is held against.
struct Meaning: Sendable {
    let role: VectorRole
    let embedder: any Embedder
    var index: VectorIndex
    var vector: ArraySlice<Float> = []

    var channel: SearchChannel { role == .main ? .dense : .staticDense }

    /// The passages within some documents that are nearest, best first.
    ///
    /// - Throws: `StoreError`; `IndexError.damaged` where the index must be mended first.
    func nearest(
        _ reader: MemoryReader, in scope: PassageScope, limit: Int
    ) throws -> [ScoredChunk] {
        let filter =
            try scope.isEverything
            ? nil
            : index.filter(
                keys: reader.chunkIDs(in: scope).map {
                    VectorKey(rawValue: UInt64(bitPattern: $0.rawValue))
                })
        return try index.search(vector, limit: limit, filter: filter).map { match in
            ScoredChunk(
                id: ChunkID(rawValue: Int64(bitPattern: match.key.rawValue)),
                score: Double(match.score))
        }
    }
}
