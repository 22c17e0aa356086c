import Foundation
import Glibc
import Retrieval
import Synchronization

/// A line on stderr that is drawn over and over; nothing where stderr is no terminal.
final class ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    private struct State {
        var lastDrawn = ContinuousClock.now
        var started: ContinuousClock.Instant?
        var phase = ""
    }

    /// Draws the bar at most ten times a second.
    func show(_ progress: IndexProgress) {
        guard isShown else { return }
        let (phase, done, total) =
            switch progress {
            case .reading(let done, let total): ("reading", done, total)
            case .embedding(let done, let total): ("embedding", done, total)
            }
        let now = ContinuousClock.now
        state.withLock { state in
            if state.phase != phase { (state.phase, state.started) = (phase, now) }
            guard now - state.lastDrawn > .milliseconds(100), total > 0 else { return }
            state.lastDrawn = now
            let width = 30
            let filled = width * done / total
            let bar =
                String(repeating: "#", count: filled)
                + String(repeating: ".", count: width - filled)
            let elapsed = (now - (state.started ?? now)) / .seconds(1)
            let left = done > 0 ? elapsed / Double(done) * Double(total - done) : 0
            write("\r\(phase) [\(bar)] \(done)/\(total), \(Int(left.rounded())) s left \u{1B}[K")
        }
    }

    /// Takes the bar away.
    func finish() {
        guard isShown else { return }
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
