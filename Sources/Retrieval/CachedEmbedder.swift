public import Embedding
public import Kernels
public import Store

/// An embedder whose vectors are kept in a file outside any memory.
///
/// What was embedded once, by whichever run, is not embedded again.
public struct CachedEmbedder: Embedder {
    private let embedder: any Embedder
    private let cache: EmbeddingCache

    /// An embedder over another one.
    ///
    /// - Parameters:
    ///   - embedder: makes the vectors that are missing.
    ///   - cache: holds vectors of that embedder's space and of no other.
    public init(_ embedder: any Embedder, cache: EmbeddingCache) {
        self.embedder = embedder
        self.cache = cache
    }

    /// The space of the embedder below.
    public var fingerprint: EmbedderFingerprint { embedder.fingerprint }

    /// The length of each vector.
    public var dimension: Int { embedder.dimension }

    /// The most tokens the model reads at once.
    public var maximumTokenCount: Int { embedder.maximumTokenCount }

    /// The tokens of a text, as the embedder below counts them.
    public func tokenCount(of text: String) -> Int { embedder.tokenCount(of: text) }

    /// The vectors, from the cache where it has them.
    ///
    /// Texts that are to be cut are not looked up: the cache holds whole texts only.
    ///
    /// - Throws: `StoreError`, and what the embedder below throws.
    public func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        guard longTexts == .windows else {
            return try await embedder.embed(texts, longTexts: longTexts)
        }
        let length = dimension * MemoryLayout<Float>.size
        var vectors = try cache.vectors(of: texts).map { $0?.count == length ? $0 : nil }
        let missing = vectors.indices.filter { vectors[$0] == nil }
        if !missing.isEmpty {
            let rows = try await embedder.embed(missing.map { texts[$0] }, longTexts: longTexts)
            let made = (0..<rows.count).map { rows.littleEndianBytes(ofRow: $0) }
            for (index, bytes) in zip(missing, made) { vectors[index] = bytes }
            try cache.put(zip(missing, made).map { (texts[$0], $1) })
        }
        let bytes = vectors.flatMap { $0 ?? [] }
        guard let rows = FloatRows(dimension: dimension, littleEndianBytes: bytes) else {
            throw StoreError.corrupt("vectors of another length than \(dimension)")
        }
        return rows
    }
}
