internal import Documents
internal import Retrieval
internal import Store

/// What a model is asked to plan.
struct PlanPrompt: Sendable {
    private let goal: Goal
    private let evidence: PlanEvidence
    private let redactor: Redactor

    init(_ goal: Goal, evidence: PlanEvidence, redactor: Redactor) {
        self.goal = goal
        self.evidence = evidence
        self.redactor = redactor
    }

    /// The request, with what was wrong with an earlier answer where there was one.
    func request(correcting answer: String? = nil, errors: [String] = []) -> ModelRequest {
        let correction = answer.map { answer in
            ModelRequest.Correction(
                answer: redactor.redacted(PromptText.visible(answer)),
                errors: redactor.redacted(
                    errors.map { "- " + PromptText.visible($0) }.joined(separator: "\n")))
        }
        return ModelRequest(
            rules: redactor.redacted(String(decoding: PackageResources.plan_md, as: UTF8.self)),
            evidence: passages + [facts, events].compactMap { $0 }, question: question,
            schema: PlanDraft.schema, correction: correction)
    }

    private var passages: [ModelRequest.Evidence] {
        evidence.passages.map { shown in
            let passage = shown.passage
            let first = passage.citation.startLine
            var lines = shown.text.text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            let numbered = lines.enumerated().map { "\(first + $0): \($1)" }
            return ModelRequest.Evidence(
                source: redacted(passage.citation.description),
                title: redacted("\(passage.breadcrumb) (\(passage.standing))"),
                text: redactor.redacted(numbered.joined(separator: "\n")))
        }
    }

    private var facts: ModelRequest.Evidence? {
        let facts = evidence.context.facts
        guard !facts.isEmpty else { return nil }
        let lines = facts.map { "fact:\($0.key) = \($0.value) (set \($0.updatedAt))" }
        return ModelRequest.Evidence(
            source: RedactedText("facts"), title: RedactedText("Facts from the key-value store"),
            text: redacted(lines.joined(separator: "\n")))
    }

    private var events: ModelRequest.Evidence? {
        let events = evidence.context.events
        guard !events.isEmpty else { return nil }
        let lines = events.map { "\($0.timestamp) \($0.text)" }
        return ModelRequest.Evidence(
            source: RedactedText("timeline"), title: RedactedText("What happened lately"),
            text: redacted(lines.joined(separator: "\n")))
    }

    private var question: RedactedText {
        let constraints = goal.constraints.map { "\nConstraint: \($0)" }.joined()
        return redacted("Goal: \(goal.text)\(constraints)\n\nWrite the plan.")
    }

    private func redacted(_ text: String) -> RedactedText {
        redactor.redacted(PromptText.visible(text))
    }
}
