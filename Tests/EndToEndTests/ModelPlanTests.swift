import Foundation
import TestSupport
import Testing

/// Planning with models behind real sockets, through the built program.
@Suite struct ModelPlanTests {
    let world: ExampleWorld
    static let goal = "cut the S3 bill"

    init() async throws {
        world = try ExampleWorld()
        let conductor = conductor()
        #expect(try await conductor.run("kv", "import", "facts.json").status == 0)
        #expect(try await conductor.run("index").status == 0)
    }

    private func conductor(
        claude: FakeService? = nil, ollama: FakeService? = nil, key: String = "sk-test-key-123456"
    ) -> BuiltBinary {
        BuiltBinary(
            in: world.folder.path,
            environment: ExampleWorld.withoutModel.merging([
                "ANTHROPIC_BASE_URL": claude?.url ?? "http://127.0.0.1:9",
                "OLLAMA_HOST": ollama?.url ?? "http://127.0.0.1:9", "ANTHROPIC_API_KEY": key,
            ]) { $1 })
    }

    /// A plan that a model might write: the offline plan's own steps.
    private func draft() async throws -> String {
        let json = try await conductor().run("plan", Self.goal, "--run", "offline", "--json").json()
        let steps = try #require(json["steps"] as? [[String: Any]])
        let plan: [String: Any] = [
            "assumptions": [["text": "Nobody else changes the buckets.", "source": ""]],
            "exit_criteria": [["text": "The bill is lower – für alle.", "source": ""]],
            "wont_do": [["text": "Touch prod buckets.", "source": ""]],
            "steps": steps.prefix(6).map { step in
                [
                    "lane": step["lane"], "text": step["text"], "commands": step["commands"],
                    "rollback": step["rollback"], "source": step["source"],
                ]
            },
        ]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: plan), as: UTF8.self)
    }

    private func file(_ name: String) throws -> String {
        try String(contentsOf: world.folder.url.appending(path: name), encoding: .utf8)
    }

    @Test func `claude's plan is written, with lines that are there`() async throws {
        let draft = try await draft()
        let claude = try FakeService { _, _ in ModelWire.claude(draft) }
        let reply = try await conductor(claude: claude).run(
            "plan", Self.goal, "--planner", "primary", "--run", "c")
        #expect(reply.status == 0, "\(reply.errors)")
        #expect(reply.errors.contains("asking claude:claude-sonnet-5"))
        #expect(reply.errors.contains("bytes to 127.0.0.1:\(claude.port)"))
        #expect(!reply.errors.contains("\u{1B}"), "no drawing where there is no terminal")
        let plan = try file("memory/runs/c/plan.md")
        #expect(plan.contains("by the claude:claude-sonnet-5 planner"))
        #expect(plan.contains("The bill is lower – für alle."))
        let citations = Set(plan.matches(of: /Source: (\S+:\d+-\d+)/).map { String($0.1) })
        #expect(citations.count >= 3)
        for citation in citations {
            #expect(try await conductor().run("get", citation).status == 0, "\(citation)")
        }
        #expect(try file("memory/runs/c/plan.lock.json").contains(#""outcome" : "planned""#))
    }

    @Test func `529 three times, then Ollama, then offline`() async throws {
        let draft = try await draft()
        let claude = try FakeService { _, _ in
            ModelWire.refusal(529, "overloaded_error", "Overloaded", [("retry-after-ms", "5")])
        }
        let ollama = try FakeService { _, _ in ModelWire.ollama(draft) }
        let reply = try await conductor(claude: claude, ollama: ollama).run(
            "plan", Self.goal, "--planner", "primary", "--run", "o", "--json")
        #expect(reply.status == 0, "\(reply.errors)")
        #expect(claude.requests.count == 3)
        #expect(try reply.json()["planner"] as? String == "ollama:llama3.1")
        #expect(reply.errors.contains("claude:claude-sonnet-5 gave no plan"))
        #expect(reply.errors.contains("ollama:llama3.1 is asked next"))
        let offline = try await conductor(claude: claude).run(
            "plan", Self.goal, "--planner", "primary", "--run", "f", "--json")
        #expect(offline.status == 0)
        #expect(try offline.json()["planner"] as? String == "offline")
        #expect(offline.errors.contains("the offline planner takes over"))
        let lock = try file("memory/runs/f/plan.lock.json")
        #expect(lock.contains("HTTP 529") && lock.contains("Connection refused"))
    }

    @Test func `a cut stream is never taken for a plan`() async throws {
        let draft = try await draft()
        // The whole plan is there; only the service's word that it is whole is not.
        let whole = ModelWire.claude(draft, pieceSize: 1).pieces.count
        let claude = try FakeService { _, _ in
            ModelWire.claude(draft, pieceSize: 4096, upTo: whole - 40, ending: .cut)
        }
        let reply = try await conductor(claude: claude).run(
            "plan", Self.goal, "--planner", "claude:latest", "--run", "x", "--json")
        #expect(reply.status == 0)
        #expect(try reply.json()["planner"] as? String == "offline")
        #expect(reply.errors.contains("its answer ended early"))
    }

    @Test func `a run ends with its deadline, whatever the services do`() async throws {
        let silent = try FakeService { _, _ in
            FakeService.Reply(
                [("content-type", "text/event-stream")], pieces: [Data(": \n".utf8)],
                ending: .silence)
        }
        // Benchmarks/deadline.py measures by how much; here it only has to end.
        let reply = try await conductor(claude: silent, ollama: silent).run(
            "plan", Self.goal, "--planner", "primary", "--deadline", "2", "--run", "d", "--json")
        #expect(reply.status == 0)
        #expect(reply.errors.contains("the time was up"))
        #expect(try reply.json()["planner"] as? String == "offline")
    }

    @Test func `a secret in a page, a fact and the goal reaches no model and no log`() async throws
    {
        let canary = "AKIA" + "QWERTYUIOPASDFGH".replacing("O", with: "2")
        let password = "Tr0ub4dor" + "&3xyzzy"
        try world.folder.write(
            "# S3 lifecycle secrets\n\n## Diagnosis\n\n1. List with `aws s3 ls`; key \(canary).\n",
            to: "runbooks/canary.md")
        let setUp = conductor()
        #expect(try await setUp.run("index").status == 0)
        #expect(
            try await setUp.run(
                "kv", "set", "endpoint.s3.bill", "postgres://bill:\(password)@db/s3"
            )
            .status == 0)
        let service = try FakeService { request, _ in
            request.line.contains("messages")
                ? ModelWire.claude("{}") : ModelWire.ollama("no plan")
        }
        let key = "sk-" + "ant-canary-0123456789"
        let reply = try await conductor(claude: service, ollama: service, key: key).run(
            "plan", "cut the S3 bill of \(canary) canary lifecycle", "--planner", "primary",
            "--constraint", "keep \(canary)", "--run", "s")
        #expect(reply.status == 0)
        #expect(service.requests.count == 4)
        for request in service.requests {
            let body = String(decoding: request.body, as: UTF8.self)
            #expect(body.contains("runbooks/canary.md"), "the page was shown")
            #expect(body.contains("‹secret:"))
            #expect(!body.contains(canary))
            #expect(!body.contains(password))
            #expect(!body.contains(key))
        }
        #expect(!reply.errors.contains(canary) && !reply.errors.contains(password))
        #expect(reply.errors.contains("taken out"))
        #expect(!(reply.output + reply.errors).contains(key))
        #expect(service.requests.filter { $0.headers["x-api-key"] == key }.count == 2)
    }

    @Test func `a planner that is none is a usage error`() async throws {
        for name in ["gpt:4", "claude", "nobody"] {
            #expect(
                try await conductor().run("plan", "x", "--planner", name).status == 2, "\(name)")
        }
    }

    @Test func `a key file that others can read is no key`() async throws {
        let claude = try FakeService { _, _ in ModelWire.claude("{}") }
        let file = try world.folder.write("sk-test-000000000000", to: "key")
        let environment = ExampleWorld.withoutModel.merging([
            "ANTHROPIC_BASE_URL": "https://127.0.0.1.invalid", "ANTHROPIC_API_KEY": "",
            "CONDUCTOR_ANTHROPIC_KEY_FILE": file,
        ]) { $1 }
        let reply = try await BuiltBinary(in: world.folder.path, environment: environment).run(
            "plan", "x", "--planner", "claude:latest", "--run", "k")
        #expect(reply.errors.contains("chmod 600"))
        #expect(claude.requests.isEmpty)
    }
}
