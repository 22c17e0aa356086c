internal import Documents
public import Retrieval

/// Plans without any model: every step is lifted from a retrieved page and cites its lines.
public struct OfflinePlanner: Planner {
    /// Always `offline`.
    public let name = "offline"

    private let standing: StandingStatements

    private static let stepLimit = 14
    private static let statementLimit = 8

    /// A planner that keeps to the policy of a definition.
    public init(policy: AgentDefinition) {
        standing = StandingStatements(policy: policy)
    }

    /// A plan from the procedures in a context; never throws.
    ///
    /// All steps come from the best procedure, so that two procedures never change things in one
    /// plan; the other pages are named.
    /// - Complexity: O(text).
    public func plan(_ goal: Goal, using context: Context) async throws -> Plan {
        let procedures = Self.procedures(in: context)
        let leading =
            procedures.first { $0.steps.contains { $0.lane == .execute } }
            ?? procedures.first { !$0.steps.isEmpty }
        var steps: [CitedInstruction] = []
        for lane in Lane.allCases {
            let ofLane = leading?.steps.filter { $0.lane == lane } ?? []
            let forward = ofLane.filter { $0.role != .rollback }.prefix(Self.stepLimit)
            steps += forward + ofLane.filter { $0.role == .rollback }.prefix(Self.stepLimit)
        }
        return Plan(
            goal: goal, planner: name,
            assumptions: standing.facts(context)
                + (leading.map { standing.trust(in: $0.path, context) } ?? []),
            constraints: standing.constraints(goal),
            exitCriteria: Array((leading?.exitCriteria ?? []).prefix(Self.statementLimit)),
            refusals: Array((leading?.prohibitions ?? []).prefix(Self.statementLimit))
                + standing.refusals,
            steps: steps.enumerated().map { index, step in
                Plan.Step(
                    number: index + 1, lane: step.lane,
                    text: step.text.isEmpty ? "Run the commands" : step.text,
                    commands: step.commands, isRollback: step.role == .rollback,
                    citation: step.citation)
            },
            related: standing.related(context, besides: leading.map { [$0.path] } ?? []),
            degraded: context.degraded)
    }

    /// What one document tells its reader to do.
    private struct Procedure {
        let path: String
        var steps: [CitedInstruction] = []
        var exitCriteria: [Plan.Statement] = []
        var prohibitions: [Plan.Statement] = []
    }

    /// The documents of a context in their order, each read as a procedure.
    private static func procedures(in context: Context) -> [Procedure] {
        var procedures: [Procedure] = []
        for passage in context.passages where CitedInstruction.isProcedure(passage) {
            if procedures.last?.path != passage.citation.path {
                procedures.append(Procedure(path: passage.citation.path))
            }
            for instruction in CitedInstruction.instructions(in: passage) {
                add(instruction, to: &procedures[procedures.count - 1])
            }
        }
        return procedures
    }

    private static func add(_ instruction: CitedInstruction, to procedure: inout Procedure) {
        switch instruction.role {
        case .background: return
        case .prohibition:
            procedure.prohibitions.append(
                Plan.Statement(text: instruction.text, citation: instruction.citation))
        case .verification:
            // What proves the end is run after the last step, not in the lane of its commands.
            let text = ([instruction.text] + instruction.commands).joined(separator: " ")
            procedure.exitCriteria.append(
                Plan.Statement(text: text, citation: instruction.citation))
        case .unknown where instruction.commands.isEmpty: return
        default:
            // A list item or a command; a bare paragraph only explains.
            guard !instruction.commands.isEmpty || instruction.isListItem else { return }
            procedure.steps.append(instruction)
        }
    }
}
