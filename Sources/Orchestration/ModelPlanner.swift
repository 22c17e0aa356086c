internal import Documents
internal import Retrieval

/// Plans with a model, and takes from its answer only what stands in the evidence.
struct ModelPlanner: Sendable {
    let model: any LanguageModel
    let policy: AgentDefinition
    let redactor: Redactor
    /// Called for every piece of news, on any executor.
    let news: @Sendable (PlanningNews) -> Void

    /// A plan for a goal.
    ///
    /// The model is asked again once where its plan does not hold, with the errors.
    ///
    /// - Parameters:
    ///   - goal: what is to be reached.
    ///   - context: what was retrieved for it.
    ///   - time: the time there is.
    /// - Returns: a plan that passed every check.
    /// - Throws: `ModelError`.
    func plan(
        _ goal: Goal, using context: Context, within time: TimeLimit
    ) async throws(ModelError) -> Plan {
        let evidence = PlanEvidence(context, redactor: redactor)
        let prompt = PlanPrompt(goal, evidence: evidence, redactor: redactor)
        var request = prompt.request()
        var found: [String] = []
        for _ in 0..<2 {
            news(.asking(planner: model.name, redactionCount: request.redactionCount))
            let answer = try await model.answer(request, within: try time.left()) {
                [news, model] in news(.progress(planner: model.name, $0))
            }
            do throws(PlanErrors) {
                return try plan(from: answer.text, goal, context, PlanCheck(evidence: evidence))
            } catch {
                found = error.sentences
                request = prompt.request(correcting: answer.text, errors: found)
            }
        }
        throw .unusable(found)
    }

    private func plan(
        from answer: String, _ goal: Goal, _ context: Context, _ check: PlanCheck
    ) throws(PlanErrors) -> Plan {
        let draft = try PlanDraft.read(answer)
        let steps = try check.steps(of: draft)
        let standing = StandingStatements(policy: policy)
        let pages = steps.map(\.citation.path).reduce(into: [String]()) { pages, path in
            if !pages.contains(path) { pages.append(path) }
        }
        return Plan(
            goal: goal, planner: model.name,
            assumptions: standing.facts(context)
                + pages.flatMap { standing.trust(in: $0, context) }
                + (try check.statements(draft.assumptions, named: "assumptions")),
            constraints: standing.constraints(goal),
            exitCriteria: try check.statements(draft.exitCriteria, named: "exit_criteria"),
            refusals: try check.statements(draft.wontDo, named: "wont_do") + standing.refusals,
            steps: steps, related: standing.related(context, besides: Set(pages)),
            degraded: context.degraded)
    }
}
