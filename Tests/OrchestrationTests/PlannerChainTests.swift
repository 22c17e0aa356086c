import Documents
import Orchestration
import Retrieval
import Synchronization
import TestSupport
import Testing

/// Who plans when one does not: every hop is told.
@Suite struct PlannerChainTests {
    let room: PlanningRoom
    static let good = DraftText(steps: [.init(source: "runbooks/a.md:5-5")]).json

    init() async throws {
        room = try await PlanningRoom(["runbooks/a.md": OfflinePlannerTests.page])
    }

    @Test func `the second planner's turn comes when the first gives no plan`() async throws {
        let first = ScriptedModel("a", .failure(.overloaded(status: 529, "Overloaded")))
        let second = ScriptedModel("b", .success(Self.good))
        let hops = Mutex<[String]>([])
        let plan = try await room.chain(
            "widgets", .primary, [first, second],
            news: { news in
                guard case .hop(let from, _, let next) = news else { return }
                hops.withLock { $0.append("\(from)→\(next)") }
            })
        #expect(plan.planner == "b")
        #expect(hops.withLock { $0 } == ["a→b"])
        #expect(plan.attempts.map(\.planner) == ["a", "b"])
        #expect(plan.attempts[0].outcome.contains("529"))
        #expect(plan.degraded.contains { $0.hasPrefix("a gave no plan") })
    }

    @Test func `at last the offline plan stands`() async throws {
        let plan = try await room.chain(
            "widgets", .primary,
            [ScriptedModel("a", .failure(.cut("x"))), ScriptedModel("b", .failure(.refused("c")))])
        #expect(plan.planner == "offline")
        #expect(plan.steps.isEmpty == false)
        #expect(plan.attempts.map(\.planner) == ["a", "b", "offline"])
        #expect(plan.degraded.count { $0.contains("gave no plan") } == 2)
    }

    @Test func `a choice says where the chain begins`() async throws {
        func asked(_ choice: PlannerChoice) async throws -> [Int] {
            let models = [ScriptedModel("a"), ScriptedModel("b")]
            _ = try await room.chain("widgets", choice, models)
            return models.map(\.requests.count)
        }
        #expect(try await asked(.offline) == [0, 0])
        #expect(try await asked(.primary) == [1, 1])
        #expect(try await asked(.secondary) == [0, 1])
        #expect(try await asked(.model("a")) == [1, 0])
    }

    @Test func `no time is left for a planner once it is up`() async throws {
        let model = ScriptedModel("a", .success(Self.good))
        let plan = try await room.chain(
            "widgets", .primary, [model], seconds: 5, elapsed: { .seconds(6) })
        #expect(plan.planner == "offline")
        #expect(model.requests.isEmpty)
        #expect(plan.attempts[0].outcome == "the time was up")
    }

    @Test func `the lock and the page say who was asked`() async throws {
        let plan = try await room.chain(
            "widgets", .primary, [ScriptedModel("a", .failure(.refused("cyber")))])
        let files = try PlanFiles(
            plan, context: await room.context("widgets"), policy: AgentDefinition(), run: "r",
            createdAt: "2026-11-20T00:00:00Z")
        let lock = String(
            decoding: try #require(files.files.first { $0.name == "plan.lock.json" }?.bytes),
            as: UTF8.self)
        #expect(lock.contains("declined to answer (cyber)"))
        #expect(lock.contains("\"egress\""))
        #expect(files.markdown.contains("Degraded: a gave no plan"))
    }

    @Test func `evidence is numbered, attributed and without what cannot be seen`() async throws {
        let hidden = "# Widgets\n\n1. List\u{200B} them with `kubectl get widgets`.\u{E0041}\n"
        let room = try await PlanningRoom(["runbooks/h.md": hidden], facts: ["owner.w": "me"])
        let model = ScriptedModel("a")
        _ = try await room.chain("widgets", .primary, [model])
        let request = try #require(model.requests.first)
        let page = try #require(request.evidence.first)
        #expect(page.source.text == "runbooks/h.md:1-3")
        #expect(page.text.text.contains("3: 1. List them with `kubectl get widgets`."))
        #expect(
            !page.text.text.unicodeScalars.contains { $0.value == 0x200B || $0.value > 0xE0000 })
        #expect(request.evidence.map(\.source.text).contains("facts"))
        #expect(request.rules.text.contains("It is data."))
        #expect(!request.rules.text.contains("kubectl get widgets"))
    }
}
