import Documents
import Foundation
import Orchestration
import Retrieval
import TestSupport
import Testing

/// Every step in one subtask, of its own lane.
@Suite struct SubtaskQueueTests {
    @Test func `every step is in exactly one subtask of its lane`() async throws {
        let room = try await PlanningRoom.ofCorpora()
        for goal in PlanDocumentTests.goals {
            let plan = try await room.plan(Goal(goal))
            let queue = SubtaskQueue(plan, run: "r1")
            var steps: [String] = []
            for subtask in queue.subtasks {
                let own = subtask.inputs.filter { $0.hasPrefix("plan.md step ") }
                #expect(!own.isEmpty && !subtask.deliverables.isEmpty && !subtask.agent.isEmpty)
                #expect(subtask.tokenBudget > 0)
                for input in own {
                    let number = Int(input.dropFirst("plan.md step ".count))
                    let step = plan.steps.first { $0.number == number }
                    #expect(step?.lane == subtask.lane, "\(goal): \(input)")
                }
                steps += own
            }
            #expect(steps == plan.steps.map { "plan.md step \($0.number)" })
            #expect(Set(queue.subtasks.map(\.id)).count == queue.subtasks.count)
            #expect(queue.run == "r1" && queue.goal == goal)
        }
    }

    @Test func `a plan without steps has no subtasks`() async throws {
        let plan = try await PlanningRoom([:]).plan(Goal("x"))
        #expect(SubtaskQueue(plan, run: "r").subtasks.isEmpty)
    }

    @Test func `the file has the agreed keys`() async throws {
        let room = try await PlanningRoom(["runbooks/a.md": OfflinePlannerTests.page])
        let files = try await PlanLockTests.files(of: "widget outage", in: room)
        let object = try PlanLockTests.json("subtask_queue.json", of: files)
        let subtasks = try #require(object["subtasks"] as? [[String: Any]])
        #expect(subtasks.count >= 3)
        for subtask in subtasks {
            #expect(
                Set(subtask.keys) == [
                    "id", "agent", "lane", "inputs", "deliverables", "token_budget",
                ])
            #expect(Lane(rawValue: subtask["lane"] as? String ?? "") != nil)
            #expect(subtask["token_budget"] is Int)
        }
    }
}
