public import Kernels

/// Why a text could not be embedded or a model could not be opened.
public enum EmbeddingError: Error, Equatable, Sendable {
    /// No model at this path. Install it, then retry.
    case modelMissing(path: String)
    /// A file of the model could not be read. May be worth a retry.
    case unreadable(path: String, MappingError)
    /// A file of the model is not what it should be. Reinstall it; retrying does not help.
    case malformed(path: String, reason: String)
}

extension EmbeddingError {
    /// One sentence for people, without its full stop.
    public var reason: String {
        switch self {
        case .modelMissing(let path): "the model is not installed (\(path)); run: make setup"
        case .unreadable(let path, let cause): "the model cannot be read (\(path): \(cause))"
        case .malformed(let path, let reason): "the model is damaged (\(path): \(reason))"
        }
    }
}
