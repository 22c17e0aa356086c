internal import Documents
internal import HTTPTypes
internal import Orchestration
internal import Synchronization

/// Decides from a request's head alone whether it may come in.
///
/// - Source: DNS rebinding and cross-site requests: Host and Origin by exact comparison, a token
///   always, no CORS.
final class RequestGate: Sendable {
    private let token: TokenFile
    private let limits: ServiceLimits
    private let state: Mutex<State>

    private struct State {
        var port = 0
        var second = 0
        var wrongTokens = 0
    }

    init(token: TokenFile, limits: ServiceLimits) {
        self.token = token
        self.limits = limits
        state = Mutex(State())
    }

    /// Tells the gate the port that the service got.
    func open(port: Int) {
        state.withLock { $0.port = port }
    }

    /// The names by which this machine's own clients know the service.
    private static let hosts = ["127.0.0.1", "localhost", "[::1]"]

    /// Checks a head.
    ///
    /// - Parameters:
    ///   - head: the request's head.
    ///   - needsToken: false for the routes that tell nothing.
    ///   - second: the present second, on a clock that never goes back.
    /// - Throws: `Refusal`.
    func check(_ head: HTTPRequest, needsToken: Bool, second: Int) throws(Refusal) {
        guard (head.path ?? "").utf8.count <= limits.targetBytes else {
            throw Refusal(.uriTooLong, "URI_TOO_LONG", "the request's target is too long")
        }
        guard head.path?.utf8.first == UInt8(ascii: "/") else {
            throw Refusal(.badRequest, "USAGE", "the request's target must be a path")
        }
        let allowed = state.withLock { $0.port }
        let authorities = Self.hosts.map { "\($0):\(allowed)" }
        // Exact bytes: no prefix, no case folding, no trailing dot.
        guard let host = head.authority, authorities.contains(host),
            head.headerFields[Self.hostName] == nil
        else { throw Refusal(.forbidden, "WRONG_HOST", "this host is not served here") }
        if let origin = head.headerFields[.origin] {
            guard authorities.map({ "http://" + $0 }).contains(origin) else {
                throw Refusal(.forbidden, "WRONG_ORIGIN", "pages of this origin may not call here")
            }
        }
        if needsToken { try checkToken(head, second: second) }
    }

    private static let hostName = HTTPField.Name("host") ?? .expect

    /// A right token is always taken: guesses by others shut nobody out.
    private func checkToken(_ head: HTTPRequest, second: Int) throws(Refusal) {
        let told = head.headerFields[.authorization]
        let scheme = "bearer "
        if let told, told.prefix(scheme.count).lowercased() == scheme,
            token.accepts(told.dropFirst(scheme.count))
        {
            return
        }
        let isLocked = state.withLock { state in
            if state.second != second { (state.second, state.wrongTokens) = (second, 0) }
            // Who sends none does not guess.
            if told != nil { state.wrongTokens += 1 }
            return told != nil && state.wrongTokens > limits.wrongTokensPerSecond
        }
        guard !isLocked else {
            throw Refusal(.tooManyRequests, "TOO_MANY_REQUESTS", "too many wrong tokens")
        }
        throw Refusal(
            .unauthorized, "UNAUTHORIZED",
            "send Authorization: Bearer and the token of the token file")
    }
}

/// A request that is not served, with its status.
struct Refusal: Error, Sendable {
    let status: HTTPResponse.Status
    let failure: Failure
    /// The methods that are served instead, where that is what is wrong.
    var allowed: String?
    /// Whether the request's body was not read to its end.
    var leavesBody = false

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        failure = Failure(
            code: code, message: message, next: "see /openapi.json", exitCode: .denied)
    }

    /// The same refusal of a request whose body was not read.
    var unread: Refusal {
        var refusal = self
        refusal.leavesBody = true
        return refusal
    }

    /// Any error of an operation.
    init(_ error: any Error) {
        if let refusal = error as? Refusal {
            self = refusal
            return
        }
        failure = Failure(error)
        status =
            switch (failure.code, failure.exitCode) {
            case ("TOO_MANY_REQUESTS", _): .tooManyRequests
            case ("RUN_EXISTS", _), (_, .busy): .conflict
            case (_, .usage): .badRequest
            case (_, .notFound): .notFound
            case (_, .denied): .forbidden
            case (_, .modelUnavailable): .serviceUnavailable
            case (_, .failure): error is DocumentError ? .badRequest : .internalServerError
            }
    }
}
