internal import Synchronization

/// Lets so many costly requests through in a second, more after a pause.
///
/// - Source: the token bucket.
final class CostBucket: Sendable {
    private let rate: Double
    private let burst: Double
    private let state: Mutex<(level: Double, last: ContinuousClock.Instant)>

    init(rate: Double, burst: Double, now: ContinuousClock.Instant) {
        self.rate = rate
        self.burst = burst
        state = Mutex((burst, now))
    }

    /// Whether one more may pass now.
    func take(now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            let elapsed = (now - state.last) / .seconds(1)
            state.level = min(burst, state.level + elapsed * rate)
            state.last = now
            guard state.level >= 1 else { return false }
            state.level -= 1
            return true
        }
    }
}
