internal import Documents
internal import Retrieval

/// Holds a model's plan against the evidence; what passes is a plan like any other.
///
/// The model has no power here: a lane is only ever raised, and a command stands in the cited lines
/// or nowhere.
struct PlanCheck: Sendable {
    let evidence: PlanEvidence

    private static let errorLimit = 12

    /// The steps of a draft, by lane.
    ///
    /// - Throws: `PlanErrors` with all that is wrong, as far as a dozen sentences tell.
    func steps(of draft: PlanDraft) throws(PlanErrors) -> [Plan.Step] {
        var errors: [String] = []
        var steps: [Plan.Step] = []
        for (index, step) in draft.steps.enumerated() {
            do throws(PlanErrors) {
                steps.append(try checked(step))
            } catch {
                errors += error.sentences.map { "steps[\(index)]: \($0)" }
            }
        }
        if draft.steps.isEmpty { errors.append("the plan has no steps") }
        guard errors.isEmpty else {
            throw PlanErrors(sentences: Array(errors.prefix(Self.errorLimit)))
        }
        let ordered = Lane.allCases.flatMap { lane in
            steps.filter { $0.lane == lane && !$0.isRollback }
                + steps.filter { $0.lane == lane && $0.isRollback }
        }
        return ordered.enumerated().map { index, step in
            Plan.Step(
                number: index + 1, lane: step.lane, text: step.text, commands: step.commands,
                isRollback: step.isRollback, citation: step.citation)
        }
    }

    /// Statements of a draft, each with its place where it names one that was shown.
    ///
    /// - Throws: `PlanErrors` for a place that was not shown.
    func statements(
        _ drafts: [PlanDraft.Statement], named name: String
    ) throws(PlanErrors) -> [Plan.Statement] {
        var statements: [Plan.Statement] = []
        for (index, draft) in drafts.enumerated() {
            do throws(PlanErrors) {
                statements.append(
                    Plan.Statement(
                        text: Self.plain(draft.text), citation: try source(of: draft.source)))
            } catch {
                throw PlanErrors(sentences: error.sentences.map { "\(name)[\(index)]: \($0)" })
            }
        }
        return statements
    }

    private func source(of text: String) throws(PlanErrors) -> Citation? {
        if text.isEmpty { return nil }
        if text.hasPrefix("fact:") {
            let key = String(text.dropFirst("fact:".count))
            guard evidence.hasFact(key) else {
                throw PlanErrors(sentences: ["there is no fact \(key) in the evidence"])
            }
            return nil
        }
        return try evidence.citation(of: text)
    }

    private func checked(_ step: PlanDraft.Step) throws(PlanErrors) -> Plan.Step {
        let citation = try evidence.citation(of: step.source)
        let nearby = evidence.instructions(at: citation)
        guard !nearby.isEmpty else {
            throw PlanErrors(sentences: ["\(citation) holds no instruction"])
        }
        var used: [CitedInstruction] = []
        for command in step.commands {
            let holder = nearby.filter { instruction in
                instruction.commands.contains { Self.folded($0) == Self.folded(command) }
            }
            guard let first = holder.first else {
                throw PlanErrors(
                    sentences: [
                        "the command \"\(command.prefix(80))\" does not stand in \(citation)"
                    ])
            }
            used.append(holder.first { $0.role != .prohibition } ?? first)
        }
        let sources = used.isEmpty ? nearby : used
        guard sources.contains(where: { $0.role != .prohibition }) else {
            throw PlanErrors(sentences: ["\(citation) says what must not be done"])
        }
        guard used.allSatisfy({ $0.role != .prohibition }) else {
            throw PlanErrors(sentences: ["a command of it is one that must not be run"])
        }
        return Plan.Step(
            number: 0, lane: lane(of: step, from: sources, hasCommands: !used.isEmpty),
            text: Self.plain(step.text), commands: step.commands,
            isRollback: step.rollback || used.contains { $0.role == .rollback }, citation: citation)
    }

    /// What the model says can only be raised: by the commands, by their section, by words of change.
    private func lane(
        of step: PlanDraft.Step, from sources: [CitedInstruction], hasCommands: Bool
    ) -> Lane {
        let floors = sources.compactMap(\.role.floor)
        let lanes = [
            step.lane,
            hasCommands ? floors.max() : floors.min(),
            hasCommands ? CommandLane.lane(of: step.commands.joined(separator: "\n")) : nil,
            ProseLane.mentionsChange(step.text) && !hasCommands ? .execute : nil,
            ProseLane.lane(of: step.text, role: .unknown, hasCommands: true),
        ]
        return lanes.compactMap { $0 }.max() ?? .execute
    }

    /// A command on one line: continuation lines joined, white space folded.
    private static func folded(_ command: String) -> String {
        command.replacing("\\\n", with: " ").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    /// A model's sentence, on one line and without links, images or tags that a viewer would follow.
    static func plain(_ text: String) -> String {
        let line = PromptText.visible(text).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        return line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { index, part in
                guard index.isMultiple(of: 2) else { return String(part) }
                let escaped = part.reduce(into: "") { escaped, character in
                    if "[]<>".contains(character) { escaped.append("\\") }
                    escaped.append(character)
                }
                return escaped.replacing("://", with: ":\\//")
            }.joined(separator: "`")
    }
}
