internal import Documents
public import Retrieval
internal import Store

/// What a plan was made from, pinned by hashes: `plan.lock.json`.
public struct PlanLock: Sendable, Codable {
    /// A fact as it was.
    public struct PinnedFact: Sendable, Codable {
        let key, value: String
        let updatedAt: String

        enum CodingKeys: String, CodingKey {
            case key, value
            case updatedAt = "updated_at"
        }
    }

    /// Lines of a file as they were.
    public struct Evidence: Sendable, Codable {
        let path: String
        let startLine, endLine: Int
        /// The SHA-256 of the whole file when it was indexed.
        let fileSHA256: String
        /// The SHA-256 of the passage's text.
        let textSHA256: String

        enum CodingKeys: String, CodingKey {
            case path
            case startLine = "start_line"
            case endLine = "end_line"
            case fileSHA256 = "file_sha256"
            case textSHA256 = "text_sha256"
        }
    }

    /// The policy that the plan keeps to.
    public struct Policy: Sendable, Codable {
        let agent: String
        let approvalRequired: Bool
        let blastRadiusKeywords: [String]
        let monthlyCostLimit: Int
        let promotionArtifacts: [String]

        enum CodingKeys: String, CodingKey {
            case agent
            case approvalRequired = "approval_required_for_execute"
            case blastRadiusKeywords = "blast_radius_keywords"
            case monthlyCostLimit = "cost_delta_monthly_limit"
            case promotionArtifacts = "require_artifacts_for_promotion"
        }
    }

    /// The version of this form.
    public let version: Int
    let run, goal, planner, createdAt: String
    let constraints: [String]
    let generation: Int
    let planSHA256: String
    let policy: Policy
    let facts: [PinnedFact]
    let evidence: [Evidence]
    /// The planners that were asked, in order; nil in locks of a version before there were any.
    let attempts: [PlanningAttempt]?

    enum CodingKeys: String, CodingKey {
        case version, run, goal, planner, constraints, generation, policy, facts, evidence
        case attempts
        case createdAt = "created_at"
        case planSHA256 = "plan_sha256"
    }

    /// Pins a plan.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - markdown: the text of `plan.md`.
    ///   - context: what it was made from.
    ///   - policy: the definition it keeps to.
    ///   - run: the run's name.
    ///   - createdAt: in UTC.
    public init(
        _ plan: Plan, markdown: String, context: Context, policy: AgentDefinition, run: String,
        createdAt: String
    ) {
        version = 1
        self.run = run
        goal = plan.goal.text
        planner = plan.planner
        self.createdAt = createdAt
        constraints = plan.goal.constraints
        generation = context.generation
        planSHA256 = ContentHash(of: markdown.utf8).rawValue
        self.policy = Policy(
            agent: policy.name, approvalRequired: policy.approvalRequired,
            blastRadiusKeywords: policy.blastRadiusKeywords,
            monthlyCostLimit: policy.monthlyCostLimit,
            promotionArtifacts: policy.promotionArtifacts)
        facts = context.facts.map {
            PinnedFact(key: $0.key, value: $0.value, updatedAt: $0.updatedAt)
        }
        attempts = plan.attempts
        evidence = context.passages.map { passage in
            Evidence(
                path: passage.citation.path, startLine: passage.citation.startLine,
                endLine: passage.citation.endLine, fileSHA256: passage.hash,
                textSHA256: ContentHash(of: passage.text.utf8).rawValue)
        }
    }
}
