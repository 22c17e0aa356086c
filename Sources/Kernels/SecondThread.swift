internal import CKernels
internal import Glibc
internal import Synchronization

/// A thread that takes a share of one task at a time, and is there within a microsecond where the
/// last task ended just now.
///
/// After a task it looks for the next for `linger`, then it sleeps.
public final class SecondThread: Sendable {
    private let desk: Desk

    /// A sleeping thread; nil where there is but one processor, or no thread can be had.
    public init?() {
        let desk = Desk()
        guard Processors.count > 1, desk.begin() else { return nil }
        self.desk = desk
    }

    deinit { desk.close() }

    /// Hands over a task.
    ///
    /// - Returns: false where the thread is still at another one; the task is dropped.
    public func take(_ task: @escaping @Sendable () -> Void) -> Bool { desk.take(task) }
}

/// What the two threads know of each other.
private final class Desk: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        /// Looking for a task.
        case ready
        /// Asleep until the alarm.
        case asleep
        /// Somebody is about to put a task down.
        case claimed
        /// A task lies here or is being done.
        case given
        /// Nobody will come again.
        case closed
    }

    /// How long the next task is looked for without sleeping.
    private static let linger = Duration.microseconds(100)

    private let state = Atomic(State.asleep)
    private let task = Mutex<(@Sendable () -> Void)?>(nil)
    private let alarm = Alarm()

    /// Starts the thread, which keeps this object until it is closed.
    func begin() -> Bool {
        var thread = pthread_t()
        let desk = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Desk>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, desk.toOpaque())
        guard code == 0 else {
            desk.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    func take(_ task: @escaping @Sendable () -> Void) -> Bool {
        let wasAsleep: Bool
        if exchange(.ready, for: .claimed) {
            wasAsleep = false
        } else if exchange(.asleep, for: .claimed) {
            wasAsleep = true
        } else {
            return false
        }
        self.task.withLock { $0 = task }
        state.store(.given, ordering: .releasing)
        if wasAsleep { alarm.signal() }
        return true
    }

    func close() {
        if state.exchange(.closed, ordering: .acquiringAndReleasing) == .asleep { alarm.signal() }
    }

    private func work() {
        while awaitTask() {
            task.withLock { $0.take() }?()
            _ = exchange(.given, for: .ready)
        }
        // One that was given just before the desk was closed.
        task.withLock { $0.take() }?()
    }

    /// Returns: false once the desk is closed.
    private func awaitTask() -> Bool {
        var deadline = ContinuousClock.now + Self.linger
        while true {
            for _ in 0..<64 {
                switch state.load(ordering: .acquiring) {
                case .given: return true
                case .closed: return false
                case .asleep: alarm.wait()
                case .ready, .claimed: ck_pause()
                }
            }
            if ContinuousClock.now > deadline, exchange(.ready, for: .asleep) {
                deadline = ContinuousClock.now + Self.linger
            }
        }
    }

    private func exchange(_ expected: State, for desired: State) -> Bool {
        state.compareExchange(
            expected: expected, desired: desired, ordering: .acquiringAndReleasing
        ).exchanged
    }
}

/// A semaphore that nobody has signalled yet.
private final class Alarm: Sendable {
    // An integer for the same reason as in MappedFile: the system keeps the order of its users.
    private let address: UInt

    init() {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        // Fails for values out of range alone.
        sem_init(semaphore, 0, 0)
        address = UInt(bitPattern: semaphore)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    func wait() { while sem_wait(semaphore) != 0, errno == EINTR {} }

    private var semaphore: UnsafeMutablePointer<sem_t> {
        guard let semaphore = UnsafeMutablePointer<sem_t>(bitPattern: address) else {
            preconditionFailure("memory has an address")
        }
        return semaphore
    }
}
