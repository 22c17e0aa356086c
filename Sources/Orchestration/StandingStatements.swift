internal import Documents
internal import Retrieval
internal import Store

/// What every plan says, whoever made it: facts, the policy's constraints, what is never done.
struct StandingStatements: Sendable {
    let policy: AgentDefinition

    private static let factLimit = 8
    private static let relatedLimit = 5

    /// The facts that tell something of the goal.
    func facts(_ context: Context) -> [Plan.Statement] {
        context.facts.prefix(context.relatedFactCount).prefix(Self.factLimit).map { fact in
            Plan.Statement(
                text: "\(fact.key) is \(fact.value) (fact, set \(fact.updatedAt))", citation: nil)
        }
    }

    /// How far the page at a path can be trusted; none where it is not in the context.
    func trust(in path: String, _ context: Context) -> [Plan.Statement] {
        guard let passage = context.passages.first(where: { $0.citation.path == path }) else {
            return []
        }
        let trust =
            switch passage.freshness {
            case .verified: "is verified, and its review is not due"
            case .reviewDue: "is past its review date: check each step before it is used"
            case .superseded: "says that another page took its place: read that one first"
            case .unknown: "does not say when it was verified: check each step before it is used"
            }
        let lines = passage.citation.startLine...passage.citation.endLine
        var statements = [
            Plan.Statement(
                text: "The procedure \"\(passage.title)\" \(trust).",
                citation: Citation(path: path, lines: lines))
        ]
        if passage.isStale {
            statements.append(
                Plan.Statement(
                    text: "\(path) has changed since it was indexed; run conductor index and plan "
                        + "again.", citation: nil))
        }
        return statements
    }

    /// The user's constraints, then the policy's.
    func constraints(_ goal: Goal) -> [Plan.Statement] {
        var texts = goal.constraints
        let words = Set(
            goal.text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
        let radius = policy.blastRadiusKeywords.filter { keyword in
            words.contains { $0.hasPrefix(keyword.lowercased()) }
        }
        if !radius.isEmpty {
            texts.append("High blast radius: the goal names \(radius.joined(separator: ", ")).")
        }
        if policy.approvalRequired {
            texts.append("Phase 3 starts only after the Critic has approved it.")
        }
        texts.append(
            "A change of monthly cost above \(policy.monthlyCostLimit) USD needs its budget's owner."
        )
        if !policy.promotionArtifacts.isEmpty {
            let artifacts = policy.promotionArtifacts.joined(separator: "; ")
            texts.append("Artifacts before promotion: \(artifacts).")
        }
        return texts.map { Plan.Statement(text: $0, citation: nil) }
    }

    /// What no plan does.
    var refusals: [Plan.Statement] {
        [
            "Run any command of Phase 3 before its approval.",
            "Take steps that no retrieved page describes.",
        ].map { Plan.Statement(text: $0, citation: nil) }
    }

    /// The pages that were found and give no step, each once.
    func related(_ context: Context, besides used: Set<String>) -> [Plan.Related] {
        var seen = used
        return context.passages.filter { seen.insert($0.citation.path).inserted }
            .prefix(Self.relatedLimit)
            .map { Plan.Related(text: $0.breadcrumb, citation: $0.citation) }
    }
}
