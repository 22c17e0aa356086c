internal import Orchestration
internal import StrictJSON

/// Runs operations within the limits of what they cost, whichever door asked.
struct OperationRunner: Sendable {
    let desk: Desk
    private let reads: Turnstile
    private let plans: Turnstile
    private let bucket: CostBucket

    /// A runner of a desk's operations.
    ///
    /// - Parameters:
    ///   - desk: what is served.
    ///   - limits: how many at once, and how often.
    init(desk: Desk, limits: ServiceLimits) {
        self.desk = desk
        reads = Turnstile(
            limit: limits.requestsAtWork, queueLimit: limits.requestsWaiting,
            patience: limits.waitTime)
        plans = Turnstile(
            limit: limits.plansAtWork, queueLimit: limits.requestsWaiting,
            patience: limits.waitTime)
        bucket = CostBucket(
            rate: limits.costlyPerSecond, burst: limits.costlyBurst, now: ContinuousClock.now)
    }

    /// Runs an operation when its turn comes; writes take turns at the desk.
    ///
    /// - Throws: `Failure` with the code `TOO_MANY_REQUESTS`; else what the operation throws.
    func run(_ operation: Operation, _ input: JSONValue) async throws -> JSONValue {
        let desk = desk
        guard operation.traits.cost != .read else {
            return try await reads.run { try await operation.run(input, at: desk) }
        }
        guard bucket.take(now: ContinuousClock.now) else {
            throw Failure(
                code: "TOO_MANY_REQUESTS", message: "too many writes and plans in a second",
                next: "try again in a moment", exitCode: .busy)
        }
        guard operation.traits.cost == .plan else {
            return try await operation.run(input, at: desk)
        }
        return try await plans.run { try await operation.run(input, at: desk) }
    }
}
