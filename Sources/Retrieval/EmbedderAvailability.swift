public import Embedding

/// The embedder of a memory, or why there is none.
public enum EmbedderAvailability: Sendable {
    /// An embedder that is open.
    case ready(any Embedder)
    /// None; search goes on by words alone and says so.
    case unavailable(reason: String)

    var embedder: (any Embedder)? {
        guard case .ready(let embedder) = self else { return nil }
        return embedder
    }

    /// - Throws: `RetrievalError.embedderUnavailable`.
    func required() throws -> any Embedder {
        switch self {
        case .ready(let embedder): return embedder
        case .unavailable(let reason): throw RetrievalError.embedderUnavailable(reason: reason)
        }
    }
}
