public import Documents

/// What an agent's definition says: its name, its memory and the policy that plans obey.
public struct AgentDefinition: Sendable, Equatable {
    /// The agent's name.
    public var name = "Conductor"
    /// The SQLite file, relative to the root.
    public var keyValuePath = "memory/kv.sqlite"
    /// The published index, relative to the root.
    public var vectorPath = "memory/vector.faiss"
    /// The timeline, relative to the root.
    public var timelinePath = "memory/timeline.ndjson"
    /// The model that plans, `claude:latest`; nil where none is named.
    public var primaryPlanner: String?
    /// The model that plans where the first does not, `ollama:llama3.1`; nil where none is named.
    public var secondaryPlanner: String?
    /// Whether the execute lane needs an approval.
    public var approvalRequired = true
    /// Words that make a change a dangerous one.
    public var blastRadiusKeywords = ["prod", "payment", "auth", "iam", "route53", "cloudfront"]
    /// The greatest change of monthly cost, in dollars, that needs no further approval.
    public var monthlyCostLimit = 500
    /// What must be attached before a step is promoted: `terraform: plan.txt`.
    public var promotionArtifacts = [
        "terraform: plan.txt", "k8s: diff.txt", "code: test_report.json",
    ]

    /// The built-in definition, used where none is found.
    public init() {}

    /// Reads a definition from a document's front matter; what it does not say keeps its default.
    ///
    /// - Parameters:
    ///   - document: the definition.
    ///   - variables: the values that `${NAME}` and `${NAME:-default}` take.
    public init(_ document: Document, variables: [String: String]) {
        self.init()
        let values = document.frontMatter?.values ?? [:]
        func text(_ value: MetadataValue?) -> String? {
            value?.text.map { Self.expanded($0, variables) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        name = text(values["name"]) ?? name
        keyValuePath = text(values["memory"]?["kv"]) ?? keyValuePath
        vectorPath = text(values["memory"]?["vector"]) ?? vectorPath
        timelinePath = text(values["memory"]?["timeline"]) ?? timelinePath
        primaryPlanner = text(values["models"]?["planner_primary"])
        secondaryPlanner = text(values["models"]?["planner_secondary"])
        let policy = values["policy"]
        approvalRequired = text(policy?["approval_required_for_execute"]) != "false"
        monthlyCostLimit =
            text(policy?["cost_delta_monthly_limit"]).flatMap { Int($0) } ?? monthlyCostLimit
        // A list that is empty or no list keeps its default: a safeguard is not removed by a slip.
        func list(_ value: MetadataValue?) -> [String]? {
            let texts = (value?.texts ?? []).map { Self.expanded($0, variables) }
                .filter { !$0.isEmpty }
            return texts.isEmpty ? nil : texts
        }
        blastRadiusKeywords = list(policy?["blast_radius_keywords"]) ?? blastRadiusKeywords
        promotionArtifacts =
            list(values["guardrails"]?["require_artifacts_for_promotion"]) ?? promotionArtifacts
    }

    /// Replaces `${NAME:-default}` and `${NAME}`; an unset name without default becomes nothing.
    static func expanded(_ text: String, _ variables: [String: String]) -> String {
        text.replacing(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/) { match in
            let value = variables[String(match.1)] ?? ""
            return value.isEmpty ? match.2.map(String.init) ?? "" : value
        }
    }
}
