import Documents
import Foundation
import Orchestration
import Retrieval
import TestSupport
import Testing

/// What pins a plan: hashes of the bytes that it was made from.
@Suite struct PlanLockTests {
    static func files(of goal: String, in room: PlanningRoom) async throws -> PlanFiles {
        let context = try await room.context(goal)
        let policy = AgentDefinition()
        let plan = try await OfflinePlanner(policy: policy)
            .plan(Goal(goal, constraints: ["c"]), using: context)
        return try PlanFiles(
            plan, context: context, policy: policy, run: "r1", createdAt: "2026-11-20T00:00:00Z")
    }

    static func json(_ name: String, of files: PlanFiles) throws -> [String: Any] {
        let file = try #require(files.files.first { $0.name == name })
        let object = try JSONSerialization.jsonObject(with: Data(file.bytes))
        return try #require(object as? [String: Any])
    }

    @Test func `it is written last, so that its presence says that the plan is whole`() async throws
    {
        let files = try await Self.files(of: "x", in: PlanningRoom([:]))
        #expect(files.files.last?.name == "plan.lock.json")
        #expect(Set(files.files.map(\.name)).isSuperset(of: ["plan.md", "subtask_queue.json"]))
    }

    @Test func `its hashes are those of the files`() async throws {
        let room = try await PlanningRoom.ofCorpora()
        for goal in PlanDocumentTests.goals {
            let files = try await Self.files(of: goal, in: room)
            let lock = try Self.json("plan.lock.json", of: files)
            let page = try #require(files.files.first { $0.name == "plan.md" })
            #expect(lock["plan_sha256"] as? String == ContentHash(of: page.bytes).rawValue)
            #expect(Array(files.markdown.utf8) == page.bytes)
            let evidence = try #require(lock["evidence"] as? [[String: Any]])
            #expect(!evidence.isEmpty)
            for item in evidence { try checkEvidence(item, in: room) }
        }
    }

    private func checkEvidence(_ item: [String: Any], in room: PlanningRoom) throws {
        let path = try #require(item["path"] as? String)
        let start = try #require(item["start_line"] as? Int)
        let end = try #require(item["end_line"] as? Int)
        let bytes = try Data(contentsOf: room.folder.url.appending(path: path))
        #expect(item["file_sha256"] as? String == ContentHash(of: bytes).rawValue)
        let lines = try room.lines(Citation(path: path, lines: start...end))
        let text = lines.joined(separator: "\n")
        #expect(item["text_sha256"] as? String == ContentHash(of: text.utf8).rawValue, "\(path)")
    }

    @Test func `everything that the plan cites is pinned`() async throws {
        let room = try await PlanningRoom.ofCorpora()
        for goal in PlanDocumentTests.goals {
            let files = try await Self.files(of: goal, in: room)
            let evidence = try #require(
                try Self.json("plan.lock.json", of: files)["evidence"] as? [[String: Any]])
            for citation in PlanPage(files.markdown).citations {
                let isPinned = evidence.contains { item in
                    guard let path = item["path"] as? String,
                        let start = item["start_line"] as? Int, let end = item["end_line"] as? Int
                    else { return false }
                    return path == citation.path && start <= citation.startLine
                        && citation.endLine <= end
                }
                #expect(isPinned, "\(goal): \(citation)")
            }
        }
    }

    @Test func `it has the goal, the policy and the facts`() async throws {
        let room = try await PlanningRoom(
            ["runbooks/a.md": OfflinePlannerTests.page], facts: ["owner.widget": "platform"])
        let lock = try Self.json(
            "plan.lock.json", of: try await Self.files(of: "widget outage", in: room))
        #expect(lock["goal"] as? String == "widget outage")
        #expect(lock["constraints"] as? [String] == ["c"])
        #expect(lock["run"] as? String == "r1")
        #expect(lock["planner"] as? String == "offline")
        #expect(lock["version"] as? Int == 1)
        let facts = try #require(lock["facts"] as? [[String: Any]])
        #expect(facts.first?["key"] as? String == "owner.widget")
        #expect(facts.first?["value"] as? String == "platform")
        let policy = try #require(lock["policy"] as? [String: Any])
        #expect(policy["approval_required_for_execute"] as? Bool == true)
        #expect(policy["cost_delta_monthly_limit"] as? Int == 500)
    }

    @Test func `equal inputs give equal bytes`() async throws {
        let room = try await PlanningRoom(["runbooks/a.md": OfflinePlannerTests.page])
        let first = try await Self.files(of: "widget outage", in: room)
        let second = try await Self.files(of: "widget outage", in: room)
        #expect(first.files.map(\.bytes) == second.files.map(\.bytes))
    }
}
