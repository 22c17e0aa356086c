import Foundation
import Glibc
import Orchestration
import Synchronization

/// Tells on stderr what planning does: what is sent where, who is asked, every hop; on a terminal
/// also how the answer grows.
final class PlanningConsole: Sendable {
    private let isTerminal: Bool
    private let state = Mutex(State())

    private struct State {
        let started = ContinuousClock.now
        var lastDrawn = ContinuousClock.now
        var isLineOpen = false
    }

    /// - Parameter isForService: whether several plans may be told of at once, so that no line is
    ///   drawn over.
    init(isForService: Bool = false) {
        isTerminal = !isForService && isatty(STDERR_FILENO) == 1
    }

    /// Takes a piece of news; from any executor.
    func show(_ news: PlanningNews) {
        switch news {
        case .asking(let planner, let count):
            let secrets = count == 1 ? "1 secret was" : "\(count) secrets were"
            note(
                "asking \(planner)"
                    + (count == 0 ? "" : "; \(secrets) taken out of what it is told"))
        case .progress(let planner, .sending(let egress)):
            note("sending \(egress.byteCount) bytes to \(egress.host) for \(planner)")
        case .progress(let planner, .waiting(let wait, let cause)):
            note("\(planner) asks to wait \(Self.seconds(wait)) s: \(cause)")
        case .progress(let planner, .receiving(let count)): draw(planner, count)
        case .hop(let planner, let cause, let next):
            let turn =
                next == "offline" ? "the offline planner takes over" : "\(next) is asked next"
            note("\(planner) gave no plan: \(cause); \(turn)")
        }
    }

    /// Takes the open line away.
    func finish() {
        state.withLock { close(&$0) }
    }

    private func note(_ text: String) {
        state.withLock { state in
            close(&state)
            Console.note("conductor: " + text)
        }
    }

    private func draw(_ planner: String, _ count: Int) {
        guard isTerminal else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.lastDrawn > .milliseconds(100) else { return }
            state.lastDrawn = now
            state.isLineOpen = true
            let elapsed = Self.seconds(now - state.started)
            write(
                "\r\(Console.safe(planner)) is writing: \(count) characters, \(elapsed) s\u{1B}[K")
        }
    }

    private func close(_ state: inout State) {
        guard state.isLineOpen else { return }
        state.isLineOpen = false
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func seconds(_ duration: Duration) -> String {
        "\((duration / .milliseconds(100)).rounded() / 10)"
    }
}
