internal import Orchestration

/// Lets so many through at a time, the rest in the order they came; a queue that is too long turns
/// away.
actor Turnstile {
    private let limit: Int
    private let queueLimit: Int
    private let patience: Duration?
    private var inside = 0
    private var waiting: [(id: Int, turn: CheckedContinuation<Bool, Never>)] = []
    private var nextID = 0

    /// - Parameters:
    ///   - limit: how many may be inside.
    ///   - queueLimit: how many may wait.
    ///   - patience: how long one waits; nil for ever.
    init(limit: Int, queueLimit: Int, patience: Duration? = nil) {
        self.limit = limit
        self.queueLimit = queueLimit
        self.patience = patience
    }

    /// Runs `body` when its turn comes.
    ///
    /// - Throws: `Failure` with the code `TOO_MANY_REQUESTS` where the queue is full, or where the wait is
    ///   too long or its task is cancelled; else what `body` throws.
    nonisolated func run<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        if inside < limit {
            inside += 1
            return
        }
        guard waiting.count < queueLimit else { throw Self.full }
        let id = nextID
        nextID += 1
        let alarm = patience.map { patience in
            Task {
                try await Task.sleep(for: patience)
                self.giveUp(id)
            }
        }
        defer { alarm?.cancel() }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                if Task.isCancelled {
                    turn.resume(returning: false)
                } else {
                    waiting.append((id, turn))
                }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
        guard isIn else { throw Self.full }
    }

    private func leave() {
        if waiting.isEmpty {
            inside -= 1
        } else {
            waiting.removeFirst().turn.resume(returning: true)
        }
    }

    private func giveUp(_ id: Int) {
        guard let place = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: place).turn.resume(returning: false)
    }

    private static let full = Failure(
        code: "TOO_MANY_REQUESTS", message: "too many requests at once",
        next: "try again in a moment",
        exitCode: .busy)
}
