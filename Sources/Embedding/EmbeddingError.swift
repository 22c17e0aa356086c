public import Kernels

/// Why a text could not be embedded or a model could not be opened.
public enum EmbeddingError: Error, Equatable, Sendable {
    /// No model at this path. Install it, then retry.
    case modelMissing(path: String)
    /// A file of the model could not be read. May be worth a retry.
    case unreadable(path: String, MappingError)
    /// A file of the model is not what it should be. Reinstall it; retrying does not help.
    case malformed(path: String, reason: String)
    /// No embedder can have this name. Retrying does not help.
    case unknownName(String)
    /// The service of this name gave no vectors; what to do next is a command or a sentence.
    case service(name: String, ServiceFault, next: String)
}

/// Why a service gave no vectors.
public enum ServiceFault: Equatable, Sendable {
    /// The settings do not allow to ask it. Change them, then retry.
    case notAllowed(String)
    /// Nobody answers. Start the service, then retry.
    case unreachable(String)
    /// It does not have the model. Fetch the model, then retry.
    case modelMissing
    /// It refuses, or cannot do it now; its client has retried what is worth a retry.
    case refused(String)
    /// It did not answer in time. May be worth a retry.
    case timedOut
    /// It answered with something else than asked. Not worth a retry.
    case unexpected(expected: String, found: String)
}

extension EmbeddingError {
    /// One sentence for people, without its full stop.
    public var reason: String {
        switch self {
        case .modelMissing(let path): "the model is not installed (\(path)); run: make setup"
        case .unreadable(let path, let cause): "the model cannot be read (\(path): \(cause))"
        case .malformed(let path, let reason): "the model is damaged (\(path): \(reason))"
        case .unknownName(let id): "\"\(id)\" names no embedder"
        case .service(let name, let fault, let next): "\(name) \(fault.reason); next: \(next)"
        }
    }

    /// The next command, or what to do.
    public var next: String {
        switch self {
        case .service(_, _, let next): next
        case .unknownName: "write a model's name, NAME/int8, NAME/fp32, or ollama:MODEL"
        case .modelMissing, .unreadable, .malformed: "make setup"
        }
    }
}

extension ServiceFault {
    /// What the service does, for people: the rest of a sentence that begins with its name.
    public var reason: String {
        switch self {
        case .notAllowed(let why): "may not be asked: \(why)"
        case .unreachable(let why): "cannot be reached: \(why)"
        case .modelMissing: "is not installed there"
        case .refused(let why): "gave no vectors: \(why)"
        case .timedOut: "did not answer in time"
        case .unexpected(let expected, let found):
            "answered with something else than asked: expected \(expected), found \(found)"
        }
    }
}
