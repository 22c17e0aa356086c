/// One planner that was asked, and what came of it.
public struct PlanningAttempt: Sendable, Equatable, Codable {
    /// The planner: `claude:claude-sonnet-5`, `offline`.
    public let planner: String
    /// `planned`, or why it did not.
    public var outcome: String
    /// What left the program for it.
    public var egress: [Egress]
}

/// News while planning.
public enum PlanningNews: Sendable {
    /// A model is about to be asked; what it is shown leaves the program.
    case asking(planner: String, redactionCount: Int)
    /// A model's own news.
    case progress(planner: String, ModelProgress)
    /// A model gave no plan, and another planner's turn comes.
    case hop(from: String, because: String, to: String)
}
