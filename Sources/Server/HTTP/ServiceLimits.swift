/// Every limit of the HTTP service, in one place.
public struct ServiceLimits: Sendable {
    /// The bytes of all header fields together, and of one.
    public var headerBytes = 16 << 10
    /// Header fields of a request.
    public var headerFields = 64
    /// The bytes of a request's target.
    public var targetBytes = 4 << 10
    /// The bytes of a body.
    public var bodyBytes = 4 << 20
    /// Connections at once; further ones wait in the system's queue.
    public var connections = 128
    /// Reading requests at work at once; further ones wait.
    public var requestsAtWork = 8
    /// Plans at work at once; further ones wait.
    public var plansAtWork = 4
    /// Messages in one array of the MCP revision that allows them.
    public var batchMessages = 50
    /// Requests that may wait; further ones are turned away.
    public var requestsWaiting = 120
    /// Plans and writes in a second, over time.
    public var costlyPerSecond = 20.0
    /// Plans and writes at once, after a pause.
    public var costlyBurst = 40.0
    /// Wrong tokens in a second, before all tokens are refused for the rest of it.
    public var wrongTokensPerSecond = 10
    /// The time for a header.
    public var headerTime = Duration.seconds(5)
    /// The time for a body.
    public var bodyTime = Duration.seconds(30)
    /// The time a connection may lie idle.
    public var idleTime = Duration.seconds(60)
    /// The time a request waits for its turn.
    public var waitTime = Duration.seconds(30)

    /// The defaults.
    public init() {}
}

extension ServiceLimits {
    /// For a single client on a pipe, who may send a whole file of requests at once and gets every
    /// answer.
    public static var oneClient: ServiceLimits {
        var limits = ServiceLimits()
        limits.requestsWaiting = 10_000
        limits.waitTime = .seconds(86_400)
        limits.costlyPerSecond = 1000
        limits.costlyBurst = 10_000
        return limits
    }
}
