import Documents
import Foundation
import Orchestration
import Retrieval
import Synchronization

/// A model that gives its answers in order, and notes what it was asked.
final class ScriptedModel: LanguageModel {
    let name: String
    private let state: Mutex<State>

    private struct State {
        var answers: [Result<String, ModelError>]
        var requests: [ModelRequest] = []
    }

    init(_ name: String = "test:model", _ answers: Result<String, ModelError>...) {
        self.name = name
        state = Mutex(State(answers: answers))
    }

    var requests: [ModelRequest] { state.withLock { $0.requests } }

    func answer(
        _ request: ModelRequest, within limit: Duration,
        progress: @escaping @Sendable (ModelProgress) -> Void
    ) async throws(ModelError) -> ModelAnswer {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? .failure(.timedOut) : state.answers.removeFirst()
        }
        progress(.sending(Egress(host: "test", body: [1, 2, 3])))
        return ModelAnswer(text: try answer.get(), inputTokens: nil, outputTokens: nil)
    }
}

/// A plan as a model writes it.
struct DraftText {
    struct Step: Encodable {
        var lane = "read_only"
        var text = "Look"
        var commands: [String] = []
        var rollback = false
        var source: String
    }

    struct Statement: Encodable {
        var text: String
        var source = ""
    }

    var steps: [Step]
    var assumptions: [Statement] = []

    var json: String {
        struct Plan: Encodable {
            let assumptions: [Statement]
            let exit_criteria: [Statement]
            let wont_do: [Statement]
            let steps: [Step]
        }
        let plan = Plan(
            assumptions: assumptions, exit_criteria: [Statement(text: "It is done.")],
            wont_do: [], steps: steps)
        return (try? JSONEncoder().encode(plan)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension PlanningRoom {
    /// Plans with models by name, from one page.
    func chain(
        _ goal: String = "widgets", _ choice: PlannerChoice = .primary,
        _ models: [ScriptedModel], seconds: Int = 60,
        elapsed: @escaping @Sendable () -> Duration = { .zero },
        news: @escaping @Sendable (PlanningNews) -> Void = { _ in }
    ) async throws -> Plan {
        var policy = AgentDefinition()
        policy.primaryPlanner = models.first?.name
        policy.secondaryPlanner = models.dropFirst().first?.name
        let chain = PlannerChain(
            choice, policy: policy,
            catalog: { name throws(ModelError) in
                guard let model = models.first(where: { $0.name == name }) else {
                    throw .notConfigured("no model \(name)")
                }
                return model
            }, redactor: Redactor(), time: TimeLimit(.seconds(seconds), elapsed: elapsed),
            news: news)
        return try await chain.plan(Goal(goal), using: context(goal))
    }
}
