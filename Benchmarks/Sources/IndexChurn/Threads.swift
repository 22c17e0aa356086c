import Foundation
import Synchronization

/// Threads of the system, so that three run at once on two processors, too.
final class Threads: Sendable {
    private let running = Mutex(0)
    private let changed = NSCondition()

    /// Starts a thread.
    func start(_ body: @escaping @Sendable () -> Void) {
        running.withLock { $0 += 1 }
        Thread.detachNewThread {
            body()
            self.changed.lock()
            self.running.withLock { $0 -= 1 }
            self.changed.broadcast()
            self.changed.unlock()
        }
    }

    /// Waits until all have ended.
    func wait() {
        changed.lock()
        while running.withLock({ $0 > 0 }) { changed.wait() }
        changed.unlock()
    }
}
