internal import Documents

/// A piece of a plan that one agent does in one lane.
public struct Subtask: Sendable, Equatable, Codable {
    /// Its name within the run, such as `S1`.
    public let id: String
    /// Who does it.
    public let agent: String
    /// The most it may change.
    public let lane: Lane
    /// What it starts from: the plan's steps and the lines they cite.
    public let inputs: [String]
    /// What it must attach.
    public let deliverables: [String]
    /// The most tokens it may use.
    public let tokenBudget: Int

    enum CodingKeys: String, CodingKey {
        case id, agent, lane, inputs, deliverables
        case tokenBudget = "token_budget"
    }
}

/// The arrow plan → subtask.
public struct SubtaskQueue: Sendable, Equatable, Codable {
    /// The run.
    public let run: String
    /// What is to be reached.
    public let goal: String
    /// The subtasks in the order they may start.
    public let subtasks: [Subtask]

    private static let baseTokens = 2000
    private static let tokensPerStep = 500

    /// Groups a plan's steps: neighbours of one lane that need the same agent become one subtask.
    ///
    /// Pure; O(steps).
    public init(_ plan: Plan, run: String) {
        self.run = run
        goal = plan.goal.text
        var groups: [(agent: Agent, lane: Lane, steps: [Plan.Step])] = []
        for step in plan.steps {
            let agent = Agent(commands: step.commands)
            if let last = groups.last, last.lane == step.lane,
                last.agent == agent || step.commands.isEmpty
            {
                groups[groups.count - 1].steps.append(step)
            } else {
                groups.append((agent, step.lane, [step]))
            }
        }
        subtasks = groups.enumerated().map { index, group in
            Subtask(
                id: "S\(index + 1)", agent: group.agent.rawValue, lane: group.lane,
                inputs: group.steps.map { "plan.md step \($0.number)" }
                    + group.steps.map(\.citation.description),
                deliverables: group.agent.deliverables(in: group.lane),
                tokenBudget: Self.baseTokens + group.steps.count * Self.tokensPerStep)
        }
    }
}

/// The specialist that a step's commands call for.
private enum Agent: String {
    case terraform = "terraform-architect"
    case kubernetes = "kubernetes-operator"
    case aws = "aws-operator"
    case database = "database-operator"
    case code = "code-engineer"
    case conductor = "Conductor"

    /// The first tool that names a specialist decides.
    init(commands: [String]) {
        for command in commands {
            for word in command.split(whereSeparator: { $0.isWhitespace || $0 == "|" }) {
                switch word {
                case "terraform", "tofu": self = .terraform
                case "kubectl", "oc", "helm": self = .kubernetes
                case "aws", "eksctl": self = .aws
                case "psql", "pg_dump": self = .database
                case "git", "gh": self = .code
                default: continue
                }
                return
            }
        }
        self = .conductor
    }

    func deliverables(in lane: Lane) -> [String] {
        switch (self, lane) {
        case (_, .readOnly): ["findings.md"]
        case (.terraform, .dryRun): ["plan.txt"]
        case (.kubernetes, .dryRun): ["diff.txt"]
        case (_, .dryRun): ["test_report.json"]
        case (_, .execute): ["change_log.md", "verification.md"]
        }
    }
}
