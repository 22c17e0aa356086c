public import Documents
public import Retrieval
internal import Synchronization

/// Plans with the first planner that can: the chosen models in order, at last without any model.
public struct PlannerChain: Planner {
    /// Opens a model by its name.
    public typealias Catalog = @Sendable (String) throws(ModelError) -> any LanguageModel

    /// Always `chain`; the plan names who made it.
    public let name = "chain"

    private let choice: PlannerChoice
    private let policy: AgentDefinition
    private let catalog: Catalog
    private let redactor: Redactor
    private let time: TimeLimit
    private let news: @Sendable (PlanningNews) -> Void

    /// A chain of planners.
    ///
    /// - Parameters:
    ///   - choice: where it starts.
    ///   - policy: the definition that names the models and the policy.
    ///   - catalog: opens models.
    ///   - redactor: what leaves the program passes it.
    ///   - time: the time for all models together; each has an equal part of what is left.
    ///   - news: called for every piece of news, on any executor.
    public init(
        _ choice: PlannerChoice, policy: AgentDefinition, catalog: @escaping Catalog,
        redactor: Redactor, time: TimeLimit, news: @escaping @Sendable (PlanningNews) -> Void
    ) {
        self.choice = choice
        self.policy = policy
        self.catalog = catalog
        self.redactor = redactor
        self.time = time
        self.news = news
    }

    /// The plan of the first planner that has one; never fails for want of a model.
    ///
    /// - Throws: `CancellationError`, and nothing else of its own. Every planner that gave no plan stands in the plan's attempts
    ///   and among what it says is degraded.
    public func plan(_ goal: Goal, using context: Context) async throws -> Plan {
        var attempts: [PlanningAttempt] = []
        let models = choice.models(of: policy)
        for (index, entry) in models.enumerated() {
            let isLast = index + 1 == models.count
            let next = isLast ? "offline" : models[index + 1].name ?? models[index + 1].role
            let sent = EgressLog()
            var asked = entry.name ?? entry.role
            do throws(ModelError) {
                guard let name = entry.name else {
                    throw .notConfigured("the agent definition names no \(entry.role) planner")
                }
                let model = try catalog(name)
                asked = model.name
                let share = try time.share(of: models.count - index)
                let planner = ModelPlanner(
                    model: model, policy: policy, redactor: redactor,
                    news: { [news] item in
                        if case .progress(_, .sending(let egress)) = item { sent.append(egress) }
                        news(item)
                    })
                var plan = try await planner.plan(goal, using: context, within: share)
                attempts.append(
                    PlanningAttempt(planner: asked, outcome: "planned", egress: sent.entries))
                plan.attempts = attempts
                plan.degraded += Self.hops(attempts.dropLast())
                return plan
            } catch {
                attempts.append(
                    PlanningAttempt(
                        planner: asked, outcome: error.reason, egress: sent.entries))
                // Who cancelled wants no other planner's plan.
                try Task.checkCancellation()
                news(.hop(from: asked, because: error.reason, to: next))
            }
        }
        var plan = try await OfflinePlanner(policy: policy).plan(goal, using: context)
        plan.degraded += Self.hops(attempts[...])
        plan.attempts =
            attempts + [PlanningAttempt(planner: plan.planner, outcome: "planned", egress: [])]
        return plan
    }

    private static func hops(_ failed: ArraySlice<PlanningAttempt>) -> [String] {
        failed.map { "\($0.planner) gave no plan: \($0.outcome)" }
    }
}

/// What left the program for one planner; the mutex guards the list.
private final class EgressLog: Sendable {
    private let list = Mutex<[Egress]>([])

    var entries: [Egress] { list.withLock { $0 } }

    func append(_ egress: Egress) {
        list.withLock { $0.append(egress) }
    }
}
