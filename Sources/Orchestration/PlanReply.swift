internal import Documents
internal import Retrieval
internal import Store

/// What planning did, in the form that replies have.
public struct PlanReply: Sendable, Codable {
    /// A step of the plan.
    public struct Step: Sendable, Codable {
        let number: Int
        let lane: Lane
        let text: String
        let commands: [String]
        let rollback: Bool
        let source: String
    }

    /// The run's name and the goal in the user's words.
    public let run, goal: String
    /// Who made the plan.
    public let planner: String
    /// The run's folder, as the memory names it.
    public let path: String
    /// The names of its files.
    public let files: [String]
    /// What fell short, in sentences; empty when nothing did.
    public let degraded: [String]
    /// The planners that were asked, in order; the last one made the plan.
    public let attempts: [PlanningAttempt]
    /// The plan's steps.
    public let steps: [Step]
    /// What they are handed out as.
    public let subtasks: [Subtask]

    init(_ plan: Plan, _ files: PlanFiles, run: String, path: String) {
        self.run = run
        goal = plan.goal.text
        planner = plan.planner
        self.path = path
        self.files = files.files.map(\.name).sorted()
        degraded = plan.degraded
        attempts = plan.attempts
        steps = plan.steps.map { step in
            Step(
                number: step.number, lane: step.lane, text: step.text, commands: step.commands,
                rollback: step.isRollback, source: step.citation.description)
        }
        subtasks = files.queue.subtasks
    }
}
