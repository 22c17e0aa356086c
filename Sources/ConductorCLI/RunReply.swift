import Foundation
import Orchestration

/// How far a run has come.
struct RunReply: Encodable {
    let run, goal, planner: String
    let state: RunRecord.State
    let subtasks: [Subtask]
    let files: [String]
    private let page: String

    init(_ record: RunRecord) {
        run = record.run
        goal = record.goal
        planner = record.planner
        state = record.state
        subtasks = record.subtasks
        files = record.files
        page = record.statusPage(updatedAt: Date.now.ISO8601Format())
    }

    private enum CodingKeys: String, CodingKey {
        case run, goal, planner, state, subtasks, files
    }

    func print(asJSON: Bool) throws {
        if asJSON { try Console.print(json: self) } else { Console.print(Console.safe(page)) }
    }
}
