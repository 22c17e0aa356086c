internal import Foundation
public import Retrieval
internal import StrictJSON

/// The files that planning leaves in a run's folder.
public struct PlanFiles: Sendable {
    /// The text of `plan.md`.
    public let markdown: String
    /// The entries of `subtask_queue.json`.
    public let queue: SubtaskQueue
    /// Names with bytes, in the order they are written: `plan.md` last, because it is what says
    /// that the plan is there.
    public let files: [(name: String, bytes: [UInt8])]

    /// Renders a plan.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - context: what it was made from.
    ///   - policy: the definition it keeps to.
    ///   - run: the run's name.
    ///   - createdAt: in UTC.
    /// - Throws: only what JSON encoding throws.
    public init(
        _ plan: Plan, context: Context, policy: AgentDefinition, run: String, createdAt: String
    ) throws {
        let markdown = PlanDocument(
            plan, run: run, generation: context.generation, createdAt: createdAt
        ).markdown
        let queue = SubtaskQueue(plan, run: run)
        let lock = PlanLock(
            plan, markdown: markdown, context: context, policy: policy, run: run,
            createdAt: createdAt)
        self.markdown = markdown
        self.queue = queue
        files = [
            ("plan.lock.json", Self.lines(try StrictJSON.encode(lock, pretty: true))),
            ("subtask_queue.json", Self.lines(try StrictJSON.encode(queue, pretty: true))),
            ("status.md", Array(Self.status(plan, queue, run: run, createdAt).utf8)),
            ("plan.md", Array(markdown.utf8)),
        ]
    }

    private static func lines(_ data: Data) -> [UInt8] {
        Array(data) + [0x0A]
    }

    private static func status(
        _ plan: Plan, _ queue: SubtaskQueue, run: String, _ createdAt: String
    ) -> String {
        let counts = Lane.allCases.map { lane in
            let subtasks = queue.subtasks.count { $0.lane == lane }
            return "| \(lane.rawValue) | \(plan.steps(in: lane).count) | \(subtasks) | 0 |"
        }
        return """
            # Status of \(run)

            - State: planned
            - Updated: \(createdAt)
            - Planner: \(plan.planner)

            | lane | steps | subtasks | done |
            |---|---|---|---|
            \(counts.joined(separator: "\n"))

            """
    }
}
