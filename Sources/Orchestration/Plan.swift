public import Documents

/// What is to be reached, and what must be kept to.
public struct Goal: Sendable, Equatable {
    /// In the user's words.
    public let text: String
    /// Further constraints, in the user's words.
    public let constraints: [String]

    /// A goal with its constraints.
    public init(_ text: String, constraints: [String] = []) {
        self.text = text
        self.constraints = constraints
    }
}

/// A numbered, cited plan in three phases.
public struct Plan: Sendable, Equatable {
    /// A sentence with the place it was lifted from, or nil where it follows from policy or facts.
    public struct Statement: Sendable, Equatable {
        /// The sentence.
        public let text: String
        /// Where it stands.
        public let citation: Citation?
    }

    /// A page that may help.
    public struct Related: Sendable, Equatable {
        /// Title and headings.
        public let text: String
        /// Where it stands.
        public let citation: Citation
    }

    /// One thing to do.
    public struct Step: Sendable, Equatable {
        /// Its number, through all phases, from 1.
        public let number: Int
        /// The lane it may run in.
        public let lane: Lane
        /// What to do.
        public let text: String
        /// The commands, as the page gives them.
        public let commands: [String]
        /// Whether it undoes what the steps before it did.
        public let isRollback: Bool
        /// Where it stands.
        public let citation: Citation
    }

    /// What is to be reached.
    public let goal: Goal
    /// Who planned: `offline`, or a model's name.
    public let planner: String
    /// What is taken for granted.
    public let assumptions: [Statement]
    /// What must be kept to.
    public let constraints: [Statement]
    /// When it is done.
    public let exitCriteria: [Statement]
    /// What will not be done.
    public let refusals: [Statement]
    /// The steps, by lane.
    public let steps: [Step]
    /// Other pages that were found and gave no step.
    public let related: [Related]
    /// What fell short while planning, in sentences.
    public var degraded: [String]
    /// The planners that were asked, in order; the last one made the plan.
    public var attempts: [PlanningAttempt] = []

    /// The steps of one lane, in order.
    public func steps(in lane: Lane) -> [Step] {
        steps.filter { $0.lane == lane }
    }
}
