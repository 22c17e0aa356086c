import Documents
import Orchestration
import Retrieval
import Store

/// What planning did, as JSON.
struct PlanReply: Encodable {
    struct Step: Encodable {
        let number: Int
        let lane: Lane
        let text: String
        let commands: [String]
        let rollback: Bool
        let source: String
    }

    let run, goal, planner, path: String
    let files: [String]
    let degraded: [String]
    let steps: [Step]
    let subtasks: [Subtask]

    init(_ plan: Plan, _ files: PlanFiles, _ folder: RunFolder, _ settings: Settings) {
        run = folder.id.rawValue
        goal = plan.goal.text
        planner = plan.planner
        path = settings.paths.stored(folder.path)
        self.files = files.files.map(\.name).sorted()
        degraded = plan.degraded
        steps = plan.steps.map { step in
            Step(
                number: step.number, lane: step.lane, text: step.text, commands: step.commands,
                rollback: step.isRollback, source: step.citation.description)
        }
        subtasks = files.queue.subtasks
    }
}
