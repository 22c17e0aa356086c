/// A span of time that runs out, on a clock that belongs to the caller.
public struct TimeLimit: Sendable {
    private let limit: Duration
    private let elapsed: @Sendable () -> Duration

    /// So much time from now on.
    ///
    /// - Parameters:
    ///   - limit: the time there is.
    ///   - elapsed: the time since the start; never falls.
    public init(_ limit: Duration, elapsed: @escaping @Sendable () -> Duration) {
        self.limit = limit
        self.elapsed = elapsed
    }

    /// What is left.
    ///
    /// - Throws: `ModelError.timedOut` where nothing is.
    func left() throws(ModelError) -> Duration {
        let left = limit - elapsed()
        guard left > .zero else { throw .timedOut }
        return left
    }

    /// A limit that ends after an equal part of what is left, for one of several tries.
    func share(of count: Int) throws(ModelError) -> TimeLimit {
        TimeLimit(elapsed() + (try left()) / count, elapsed: elapsed)
    }
}
