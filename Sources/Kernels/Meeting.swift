internal import CKernels
internal import Synchronization

/// Where two threads that share a task wait for each other, step after step.
///
/// They spin: a step takes microseconds, less than a system call. Whoever has waited too long
/// ends the meeting for both; nobody may touch the other's rows from then on.
public final class Meeting: Sendable {
    /// One of the two threads.
    public enum Side: Sendable {
        /// The one that has the task.
        case first
        /// The one that takes its share.
        case second
    }

    /// What a step may at least be waited for: a thread that slept needs this long to come.
    private static let leastPatience = Duration.microseconds(300)
    private static let spinsBetweenLooks = 64

    private let first = Atomic<Int>(0)
    private let second = Atomic<Int>(0)
    private let isOver = Atomic<Bool>(false)

    /// Nobody has come yet.
    public init() {}

    /// Tells the other thread that this one's step is done.
    ///
    /// What was written before is seen by the other once it has waited for the step.
    public func arrive(_ side: Side) {
        switch side {
        case .first: first.wrappingAdd(1, ordering: .releasing)
        case .second: second.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Waits until the other thread has arrived as often as this one.
    ///
    /// - Parameters:
    ///   - side: the thread that waits.
    ///   - began: when its step began; half of what the step took is waited at least.
    /// - Returns: false where the meeting is over: the other gave up, or has not come in time.
    public func waitForOther(_ side: Side, since began: ContinuousClock.Instant) -> Bool {
        let other: Side = side == .first ? .second : .first
        let step = steps(of: side)
        var deadline: ContinuousClock.Instant?
        while true {
            for _ in 0..<Self.spinsBetweenLooks {
                if isOver.load(ordering: .relaxed) { return false }
                if steps(of: other) >= step { return true }
                ck_pause()
            }
            let now = ContinuousClock.now
            let last = deadline ?? now + max(Self.leastPatience, (now - began) / 2)
            deadline = last
            if now > last { break }
        }
        isOver.store(true, ordering: .relaxed)
        return false
    }

    private func steps(of side: Side) -> Int {
        switch side {
        case .first: first.load(ordering: .acquiring)
        case .second: second.load(ordering: .acquiring)
        }
    }
}
