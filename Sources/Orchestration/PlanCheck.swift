internal import Documents
internal import Retrieval

/// Holds a model's plan against the evidence; what passes is a plan like any other.
///
/// The model has no power here: a lane is only ever raised, a command is the page's own, and code
/// stands in the evidence or nowhere.
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
    /// - Throws: `PlanErrors` for a place or code that was not shown.
    func statements(
        _ drafts: [PlanDraft.Statement], named name: String
    ) throws(PlanErrors) -> [Plan.Statement] {
        var statements: [Plan.Statement] = []
        for (index, draft) in drafts.enumerated() {
            do throws(PlanErrors) {
                statements.append(try checked(draft))
            } catch {
                throw PlanErrors(sentences: error.sentences.map { "\(name)[\(index)]: \($0)" })
            }
        }
        return statements
    }

    private func checked(_ draft: PlanDraft.Statement) throws(PlanErrors) -> Plan.Statement {
        let text = try words(draft.text) { evidence.holds($0, at: nil) }
        guard draft.source.hasPrefix("fact:") else {
            let citation = draft.source.isEmpty ? nil : try evidence.citation(of: draft.source)
            return Plan.Statement(text: text, citation: citation)
        }
        let key = String(draft.source.dropFirst("fact:".count))
        guard evidence.hasFact(key) else {
            throw PlanErrors(sentences: ["there is no fact \(key) in the evidence"])
        }
        return Plan.Statement(text: "\(text) (fact \(key))", citation: nil)
    }

    private func checked(_ step: PlanDraft.Step) throws(PlanErrors) -> Plan.Step {
        let citation = try evidence.citation(of: step.source)
        let nearby = evidence.instructions(at: citation)
        guard !nearby.isEmpty else {
            throw PlanErrors(sentences: ["\(citation) holds no instruction"])
        }
        let used = try step.commands.map { command throws(PlanErrors) in
            try match(command, in: nearby, at: citation)
        }
        let sources = used.isEmpty ? nearby : used.map(\.instruction)
        guard sources.allSatisfy({ $0.role != .prohibition }) else {
            throw PlanErrors(
                sentences: ["\(citation) says what must not be done; cite the step's lines alone"])
        }
        let text = try words(step.text) { evidence.holds($0, at: citation) }
        let commands = used.map(\.command)
        return Plan.Step(
            number: 0, lane: lane(of: step, commands, from: sources), text: text,
            commands: commands,
            isRollback: step.rollback || sources.contains { $0.role == .rollback },
            citation: citation)
    }

    /// The page's own command that a model's copy means, with the instruction that gives it.
    private func match(
        _ command: String, in nearby: [CitedInstruction], at citation: Citation
    ) throws(PlanErrors) -> (command: String, instruction: CitedInstruction) {
        let wanted = Self.folded(command)
        let found = nearby.flatMap { instruction in
            instruction.commands.filter { Self.folded($0) == wanted }
                .map { (command: $0, instruction: instruction) }
        }
        guard let first = found.first(where: { $0.instruction.role != .prohibition }) ?? found.first
        else {
            throw PlanErrors(
                sentences: ["the command \"\(command.prefix(80))\" does not stand in \(citation)"])
        }
        return first
    }

    /// What the model says can only be raised: by what the page says there, by the commands, by its
    /// own words.
    private func lane(
        of step: PlanDraft.Step, _ commands: [String], from sources: [CitedInstruction]
    ) -> Lane {
        let words = ProseLane.lane(
            of: step.text, role: .unknown, hasCommands: !commands.isEmpty)
        let command =
            commands.isEmpty ? nil : CommandLane.lane(of: commands.joined(separator: "\n"))
        let lanes = sources.map(\.lane) + [step.lane] + [words, command].compactMap { $0 }
        return lanes.max() ?? .execute
    }

    /// A command's bytes on one line: continuation lines joined, spaces and tabs folded.
    ///
    /// Bytes, because texts that look alike are equal as `String`.
    private static func folded(_ command: String) -> [UInt8] {
        let joined = command.replacing("\\\n", with: " ")
        let words = joined.utf8.split { [0x20, 0x09].contains($0) }
        return Array(words.joined(separator: [0x20]))
    }

    /// A model's sentence as the page may show it.
    ///
    /// - Throws: `PlanErrors` where nothing is left of it, or it holds code or a citation that was
    ///   not shown.
    private func words(
        _ text: String, isShown: (String) -> Bool
    ) throws(PlanErrors) -> String {
        let escaped = MarkdownText.escaped(text)
        guard escaped.contains(where: { !$0.isWhitespace && $0 != "\\" }) else {
            throw PlanErrors(sentences: ["a text without words"])
        }
        for span in MarkdownText.codeSpans(in: text) where !isShown(span) {
            throw PlanErrors(
                sentences: ["the code \"\(span.prefix(80))\" does not stand in the cited lines"])
        }
        for match in text.matches(of: /[^\s()]+:\d+-\d+/) {
            _ = try evidence.citation(of: String(match.0))
        }
        return escaped
    }
}
