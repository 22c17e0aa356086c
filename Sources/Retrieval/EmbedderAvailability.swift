public import Embedding
public import Store

/// The embedder of a memory, or why there is none.
public enum EmbedderAvailability: Sendable {
    /// An embedder that is open, and one of another kind whose vectors are searched beside its own.
    case ready(any Embedder, companion: (any Embedder)? = nil)
    /// None; search goes on by words alone and says so.
    case unavailable(reason: String)

    var embedder: (any Embedder)? {
        guard case .ready(let embedder, _) = self else { return nil }
        return embedder
    }

    var companion: (any Embedder)? {
        guard case .ready(_, let companion) = self else { return nil }
        return companion
    }

    /// Every embedder there is, with the part it plays.
    var all: [(role: VectorRole, embedder: any Embedder)] {
        guard case .ready(let embedder, let companion) = self else { return [] }
        return [(.main, embedder)] + (companion.map { [(.companion, $0)] } ?? [])
    }

    /// The same with the main embedder's vectors kept in a cache; a static one needs none.
    public func caching(
        in cache: (any Embedder) throws -> EmbeddingCache
    ) rethrows -> EmbedderAvailability {
        guard case .ready(let embedder, let companion) = self else { return self }
        return .ready(CachedEmbedder(embedder, cache: try cache(embedder)), companion: companion)
    }

    /// Says that a memory has vectors of a companion that is not there; nil where it is, or is the
    /// main embedder now.
    ///
    /// - Throws: `StoreError`.
    func missingCompanion(of reader: MemoryReader) throws(StoreError) -> String? {
        guard let embedder, companion == nil,
            let known = try reader.meta(VectorRole.companion.metaName),
            known != embedder.fingerprint.rawValue
        else { return nil }
        let name = EmbedderFingerprint(rawValue: known).embedderID
        return "the vectors of \(name) are left out: it cannot be opened"
    }

    /// - Throws: `RetrievalError.embedderUnavailable`.
    func required() throws -> any Embedder {
        switch self {
        case .ready(let embedder, _): return embedder
        case .unavailable(let reason): throw RetrievalError.embedderUnavailable(reason: reason)
        }
    }
}
