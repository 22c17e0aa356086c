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

    /// Draws the bar of an indexing run.
    func show(_ progress: IndexProgress) {
        switch progress {
        case .reading(let done, let total): show("reading", done: done, total: total)
        case .embedding(let done, let total): show("embedding", done: done, total: total)
        }
    }

    /// Draws the bar at most ten times a second, with the rate and the time that is left.
    func show(_ phase: String, done: Int, total: Int) {
        guard isShown else { return }
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
            let rate = elapsed > 0 ? Double(done) / elapsed : 0
            let left = rate > 0 ? "\(Int((Double(total - done) / rate).rounded())) s left" : ""
            write("\r\(phase) [\(bar)] \(done)/\(total), \(Int(rate))/s \(left)\u{1B}[K")
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
