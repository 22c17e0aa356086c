/// Why a model gave no usable answer.
public enum ModelError: Error, Equatable, Sendable {
    /// No such model, no key, or an address that is not allowed. Change the settings, then retry.
    case notConfigured(String)
    /// Nobody answers at the address. May be worth a retry.
    case unreachable(String)
    /// The service asks to come back later; its client has retried already.
    case overloaded(status: Int, String)
    /// The service refuses the request as it is. Not worth a retry.
    case rejected(status: Int, String)
    /// The model will not answer. Not worth a retry with the same goal.
    case refused(String)
    /// The answer was longer than the model may write.
    case answerTooLong(limit: Int)
    /// The model did not read the whole request. Shorten it, or give the model a larger window.
    case contextTruncated(estimate: Int, read: Int?)
    /// The answer ended before it was whole. May be worth a retry.
    case cut(String)
    /// What came is not in the service's own format, or passes the limits on size.
    case malformed(String)
    /// The answer is no plan, also after the model was told what is wrong with it.
    case unusable([String])
    /// There was no time left.
    case timedOut
}

extension ModelError {
    /// One sentence for people, without its full stop.
    public var reason: String {
        switch self {
        case .notConfigured(let why): why
        case .unreachable(let why): "it cannot be reached: \(why)"
        case .overloaded(let status, let why): "it is overloaded (HTTP \(status)): \(why)"
        case .rejected(let status, let why): "it refused the request (HTTP \(status)): \(why)"
        case .refused(let category): "the model declined to answer (\(category))"
        case .answerTooLong(let limit): "its answer was cut at \(limit) tokens"
        case .contextTruncated(let estimate, let read):
            "CONTEXT_TRUNCATED: it read \(read.map(String.init) ?? "an unknown number") "
                + "of about \(estimate) tokens"
        case .cut(let why): "its answer ended early: \(why)"
        case .malformed(let why): "it answered with something else than documented: \(why)"
        case .unusable(let errors):
            "its plan does not hold, also when asked again: \(errors.prefix(3).joined(separator: "; "))"
        case .timedOut: "the time was up"
        }
    }
}
