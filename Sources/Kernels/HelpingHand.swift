internal import CKernels
internal import Glibc
internal import Synchronization

/// Lets a thread that would only wait for a task help with the rest of it.
///
/// The one that has the task says when it begins and ends, and looks between its steps whether help
/// has come. It never waits for help; who helps waits for about one step, and lets others have the
/// processor meanwhile. One of these serves one task.
public final class HelpingHand: Sendable {
    private enum Stage: UInt8, AtomicRepresentable {
        /// The task has not begun.
        case idle
        /// It is being done by one thread.
        case alone
        /// Another one waits to help.
        case offered
        /// A share lies ready for the helper.
        case given
        /// There is nothing to help with any more.
        case over
    }

    /// A task that has not begun by then may be waiting for this very thread.
    private static let patienceForBeginning = Duration.microseconds(100)
    /// Longer than any step takes that is not held up by other work.
    private static let patienceForShare = Duration.milliseconds(10)
    private static let spinsBetweenLooks = 64

    private let stage = Atomic(Stage.idle)
    private let share = Mutex<(@Sendable () -> Void)?>(nil)

    /// Nobody has begun yet.
    public init() {}

    /// Says that the task is being done now.
    public func begin() { exchange(.idle, for: .alone) }

    /// Says that there is nothing to help with any more; who waits to help goes away.
    public func end() { stage.store(.over, ordering: .releasing) }

    /// Whether somebody waits to help.
    public var isOffered: Bool { stage.load(ordering: .relaxed) == .offered }

    /// Whether there is nothing to help with any more, or somebody came and grew tired of waiting.
    public var isOver: Bool { stage.load(ordering: .relaxed) == .over }

    /// Hands a share over to who waits to help.
    ///
    /// - Returns: false where nobody waits (any more); the share is dropped.
    public func give(_ share: @escaping @Sendable () -> Void) -> Bool {
        self.share.withLock { $0 = share }
        if exchange(.offered, for: .given) { return true }
        self.share.withLock { $0 = nil }
        return false
    }

    /// Does a share of the task, if there is one.
    ///
    /// - Returns: whether it did.
    @discardableResult
    public func help() -> Bool {
        wait(while: .idle, Self.patienceForBeginning)
        guard exchange(.alone, for: .offered) else { return false }
        wait(while: .offered, Self.patienceForShare)
        // Nobody came: whoever has the task goes on without.
        if exchange(.offered, for: .over) { return false }
        guard let share = share.withLock({ $0.take() }) else { return false }
        share()
        return true
    }

    private func wait(while expected: Stage, _ patience: Duration) {
        let deadline = ContinuousClock.now + patience
        repeat {
            for _ in 0..<Self.spinsBetweenLooks {
                guard stage.load(ordering: .acquiring) == expected else { return }
                ck_pause()
            }
            sched_yield()
        } while ContinuousClock.now < deadline
    }

    @discardableResult
    private func exchange(_ expected: Stage, for desired: Stage) -> Bool {
        stage.compareExchange(
            expected: expected, desired: desired, ordering: .acquiringAndReleasing
        ).exchanged
    }
}
