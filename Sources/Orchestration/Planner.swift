public import Retrieval

/// The arrow context → plan.
public protocol Planner: Sendable {
    /// Its name: `offline`, or a model's.
    var name: String { get }

    /// A plan for a goal from what was retrieved for it.
    ///
    /// - Throws: what the planner's means throw. A context without any procedure is not an error:
    ///   the plan then has no steps and says so.
    func plan(_ goal: Goal, using context: Context) async throws -> Plan
}
