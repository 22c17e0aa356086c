import Foundation
import TestSupport
import Testing

/// The main job: a plan from the example world.
@Suite struct PlanTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
        #expect(try await conductor.run("kv", "import", "facts.json").status == 0)
        #expect(try await conductor.run("index").status == 0)
    }

    private func file(_ name: String) throws -> String {
        try String(contentsOf: world.folder.url.appending(path: name), encoding: .utf8)
    }

    @Test func `a plan has its headings in order and steps numbered through`() async throws {
        let reply = try await conductor.run("plan", "cut the S3 bill", "--run", "s3")
        #expect(reply.status == 0)
        let plan = try file("memory/runs/s3/plan.md")
        #expect(reply.output == plan)
        let headings = plan.split(separator: "\n").filter { $0.hasPrefix("## ") }.map(String.init)
        #expect(
            headings.prefix(7) == [
                "## Assumptions", "## Constraints", "## Exit criteria", "## Won't do",
                "## Phase 1 (read_only)", "## Phase 2 (dry_run)", "## Phase 3 (execute)",
            ])
        let numbers = plan.matches(of: /(?:^|\n)(\d+)\.\ /).compactMap { Int($0.1) }
        #expect(numbers.count > 10)
        #expect(numbers == Array(1...numbers.count))
        #expect(plan.contains("budget.s3.monthly_usd is 1200"))
    }

    @Test func `every citation resolves`() async throws {
        #expect(
            try await conductor.run("plan", "rotate the payment keys", "--run", "keys").status == 0)
        let plan = try file("memory/runs/keys/plan.md")
        let citations = plan.matches(of: /Source: (\S+:\d+-\d+)/).map { String($0.1) }
        #expect(citations.count > 10)
        for citation in Set(citations) {
            let excerpt = try await conductor.run("get", citation, "--json")
            #expect(excerpt.status == 0, "\(citation)")
            #expect((try excerpt.json()["text"] as? String)?.isEmpty == false, "\(citation)")
        }
    }

    @Test func `what changes things stands only in phase 3`() async throws {
        let goals = [
            "cut the S3 bill", "DynamoDB is throttling", "k8s rollout stuck", "failover Aurora",
        ]
        for (index, goal) in goals.enumerated() {
            #expect(try await conductor.run("plan", goal, "--run", "g\(index)").status == 0)
            let plan = try file("memory/runs/g\(index)/plan.md")
            let phase3 = try #require(plan.range(of: "## Phase 3 (execute)"))
            let before = plan[..<phase3.lowerBound]
            for change in [
                "terraform apply", " apply s3", "kubectl delete", "kubectl scale", "rollout undo",
                "update-table", "failover-db-cluster", "put-bucket", " delete-",
            ] {
                let commands = before.split(separator: "\n").filter { $0.hasPrefix("   ") }
                // A skeleton is printed without any call.
                let wrong = commands.filter { line in
                    line.contains(change) && !line.contains("Source:")
                        && !line.contains("--generate-cli-skeleton")
                }
                #expect(wrong.isEmpty, "\(goal)")
            }
        }
    }

    @Test func `the queue and the lock say what the plan says`() async throws {
        let reply = try await conductor.run("plan", "cut the S3 bill", "--run", "s3", "--json")
        let steps = try #require(try reply.json()["steps"] as? [[String: Any]])
        let queue = try #require(
            try JSONSerialization.jsonObject(
                with: Data(file("memory/runs/s3/subtask_queue.json").utf8))
                as? [String: Any])
        let subtasks = try #require(queue["subtasks"] as? [[String: Any]])
        for subtask in subtasks {
            #expect(
                Set(subtask.keys) == [
                    "id", "agent", "lane", "inputs", "deliverables", "token_budget",
                ])
        }
        let covered = subtasks.flatMap { $0["inputs"] as? [String] ?? [] }
            .filter { $0.hasPrefix("plan.md step ") }
        #expect(covered.count == steps.count)
        let lock = try file("memory/runs/s3/plan.lock.json")
        #expect(lock.contains("\"plan_sha256\""))
        #expect(try file("memory/runs/s3/status.md").contains("State: planned"))
    }

    @Test func `a run is never overwritten and a plan never cites a plan`() async throws {
        #expect(try await conductor.run("plan", "cut the S3 bill", "--run", "s3").status == 0)
        let before = try file("memory/runs/s3/plan.md")
        #expect(try await conductor.run("plan", "other goal", "--run", "s3").status == 1)
        #expect(try file("memory/runs/s3/plan.md") == before)
        #expect(try await conductor.run("index", ".").status == 0)
        let json = try await conductor.run("search", "cut the S3 bill", "--json", "-n", "50").json()
        let hits = try #require(json["hits"] as? [[String: Any]])
        #expect(hits.allSatisfy { !($0["path"] as? String ?? "").hasPrefix("memory/") })
    }

    @Test func `context keeps to its budget and says what it left out`() async throws {
        let reply = try await conductor.run(
            "context", "cut the S3 bill", "--budget", "800", "--json")
        let json = try reply.json()
        #expect(try #require(json["tokens"] as? Int) <= 800)
        #expect(try #require(json["omitted"] as? [[String: Any]]).isEmpty == false)
        let facts = try #require(json["facts"] as? [[String: Any]])
        #expect((facts.first?["key"] as? String)?.hasPrefix("budget.s3") == true)
    }
}
