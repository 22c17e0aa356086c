internal import Documents
internal import Foundation
public import Retrieval
internal import Store

/// Plans without any model: every step is lifted from a retrieved page and cites its lines.
public struct OfflinePlanner: Planner {
    /// Always `offline`.
    public let name = "offline"

    private let policy: AgentDefinition

    private static let stepLimit = 14
    /// What is no procedure, whatever it says: definitions, and what agents themselves wrote.
    private static let notProcedures: Set<String> = Set(
        [DocumentKind.agent, .note, .retrospective, .event].map(\.rawValue))
    private static let statementLimit = 8
    private static let assumptionLimit = 8
    private static let relatedLimit = 5

    /// A planner that keeps to the policy of a definition.
    public init(policy: AgentDefinition) {
        self.policy = policy
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
        var steps: [LiftedStep] = []
        for lane in Lane.allCases {
            let ofLane = leading?.steps.filter { $0.lane == lane } ?? []
            let forward = ofLane.filter { !$0.isRollback }.prefix(Self.stepLimit)
            steps += forward + ofLane.filter(\.isRollback).prefix(Self.stepLimit)
        }
        return Plan(
            goal: goal, planner: name,
            assumptions: assumptions(context, leading: leading),
            constraints: constraints(goal),
            exitCriteria: Array((leading?.exitCriteria ?? []).prefix(Self.statementLimit)),
            refusals: refusals(leading),
            steps: steps.enumerated().map { index, step in
                Plan.Step(
                    number: index + 1, lane: step.lane, text: step.text, commands: step.commands,
                    isRollback: step.isRollback, citation: step.citation)
            },
            related: related(context, leading: leading), degraded: context.degraded)
    }

    // MARK: Lifting

    private struct LiftedStep {
        let lane: Lane
        let text: String
        let commands: [String]
        let isRollback: Bool
        let citation: Citation
    }

    /// What one document tells its reader to do.
    private struct Procedure {
        let path: String
        var steps: [LiftedStep] = []
        var exitCriteria: [Plan.Statement] = []
        var prohibitions: [Plan.Statement] = []
    }

    /// The documents of a context in their order, each read as a procedure.
    private static func procedures(in context: Context) -> [Procedure] {
        var procedures: [Procedure] = []
        for passage in context.passages where !Self.notProcedures.contains(passage.kind) {
            if procedures.last?.path != passage.citation.path {
                procedures.append(Procedure(path: passage.citation.path))
            }
            let headings = passage.breadcrumb.components(separatedBy: " › ")
            let instructions = Instruction.instructions(
                in: passage.text, firstLine: passage.citation.startLine, headings: headings)
            for instruction in instructions {
                add(instruction, to: &procedures[procedures.count - 1])
            }
        }
        return procedures
    }

    private static func add(_ instruction: Instruction, to procedure: inout Procedure) {
        let inSection = SectionRole(headings: Array(instruction.headings.dropFirst()))
        let role = SectionRole.isProhibition(instruction.text) ? .prohibition : inSection
        let citation = Citation(path: procedure.path, lines: instruction.lines)
        switch role {
        case .background: return
        case .prohibition:
            procedure.prohibitions.append(
                Plan.Statement(text: instruction.text, citation: citation))
        case .verification:
            // What proves the end is run after the last step, not in the lane of its commands.
            let text = ([instruction.text] + instruction.commands.map(\.text)).joined(
                separator: " ")
            procedure.exitCriteria.append(Plan.Statement(text: text, citation: citation))
        case .unknown where instruction.commands.isEmpty: return
        default:
            guard instruction.isStep else { return }
            let commands = instruction.commands.map(\.text)
            let lanes = [
                role.floor,
                // Together: a change of folder in one line moves the files of the next.
                commands.isEmpty
                    ? nil : CommandLane.lane(of: commands.joined(separator: "\n")),
                ProseLane.lane(of: instruction.text, role: role, hasCommands: !commands.isEmpty),
            ].compactMap { $0 }
            procedure.steps.append(
                LiftedStep(
                    lane: lanes.max() ?? .execute,
                    text: instruction.text.isEmpty ? "Run the commands" : instruction.text,
                    commands: commands, isRollback: role == .rollback, citation: citation))
        }
    }

    // MARK: Statements

    private func assumptions(_ context: Context, leading: Procedure?) -> [Plan.Statement] {
        let telling = context.facts.prefix(context.relatedFactCount)
        var statements = telling.prefix(Self.assumptionLimit).map { fact in
            Plan.Statement(
                text: "\(fact.key) is \(fact.value) (fact, set \(fact.updatedAt))", citation: nil)
        }
        guard let path = leading?.path,
            let passage = context.passages.first(where: { $0.citation.path == path })
        else { return statements }
        let trust =
            switch passage.freshness {
            case .verified: "is verified, and its review is not due"
            case .reviewDue: "is past its review date: check each step before it is used"
            case .superseded: "says that another page took its place: read that one first"
            case .unknown: "does not say when it was verified: check each step before it is used"
            }
        let lines = passage.citation.startLine...passage.citation.endLine
        statements.append(
            Plan.Statement(
                text: "The procedure \"\(passage.title)\" \(trust).",
                citation: Citation(path: path, lines: lines)))
        if passage.isStale {
            statements.append(
                Plan.Statement(
                    text: "\(path) has changed since it was indexed; run conductor index and plan "
                        + "again.", citation: nil))
        }
        return statements
    }

    private func related(_ context: Context, leading: Procedure?) -> [Plan.Related] {
        var seen: Set<String> = [leading?.path ?? ""]
        return context.passages.filter { seen.insert($0.citation.path).inserted }
            .prefix(Self.relatedLimit)
            .map { Plan.Related(text: $0.breadcrumb, citation: $0.citation) }
    }

    private func constraints(_ goal: Goal) -> [Plan.Statement] {
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

    private func refusals(_ leading: Procedure?) -> [Plan.Statement] {
        let own = [
            "Run any command of Phase 3 before its approval.",
            "Take steps that no retrieved page describes.",
        ].map { Plan.Statement(text: $0, citation: nil) }
        return Array((leading?.prohibitions ?? []).prefix(Self.statementLimit)) + own
    }
}

extension Instruction {
    /// A list item or a command; a bare paragraph only explains.
    fileprivate var isStep: Bool {
        !commands.isEmpty || isListItem
    }
}
