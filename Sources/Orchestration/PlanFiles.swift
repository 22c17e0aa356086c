internal import Foundation
public import Retrieval
internal import StrictJSON

/// The files that planning leaves in a run's folder.
public struct PlanFiles: Sendable {
    /// The text of `plan.md`.
    public let markdown: String
    /// The entries of `subtask_queue.json`.
    public let queue: SubtaskQueue
    /// Names with bytes, in the order they are written: `plan.lock.json` last, because it is what
    /// says that the plan is there.
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
            ("subtask_queue.json", Self.lines(try StrictJSON.encode(queue, pretty: true))),
            ("plan.md", Array(markdown.utf8)),
            ("plan.lock.json", Self.lines(try StrictJSON.encode(lock, pretty: true))),
        ]
    }

    private static func lines(_ data: Data) -> [UInt8] {
        Array(data) + [0x0A]
    }
}
