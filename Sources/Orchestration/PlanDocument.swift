internal import Documents

/// A plan as `plan.md`.
public struct PlanDocument: Sendable {
    private let plan: Plan
    private let run: String
    private let generation: Int
    private let createdAt: String

    /// The page of a plan.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - run: the run's name.
    ///   - generation: the memory's generation it was planned from.
    ///   - createdAt: in UTC.
    public init(_ plan: Plan, run: String, generation: Int, createdAt: String) {
        self.plan = plan
        self.run = run
        self.generation = generation
        self.createdAt = createdAt
    }

    /// The page's text.
    ///
    /// Citations stand in it as plain `path:start-end`.
    public var markdown: String {
        var lines = [
            "# Plan: \(Self.oneLine(plan.goal.text))", "",
            "Run \(run), planned \(createdAt) by the \(MarkdownText.escaped(plan.planner)) planner from memory generation "
                + "\(generation).",
        ]
        for sentence in plan.degraded {
            lines.append("Degraded: \(MarkdownText.escaped(sentence))")
        }
        lines += section("Assumptions", plan.assumptions, none: "No fact matches this goal.")
        lines += section("Constraints", plan.constraints, none: "None.")
        lines += section(
            "Exit criteria", plan.exitCriteria,
            none: "The retrieved pages name none: agree on one before Phase 3.")
        lines += section("Won't do", plan.refusals, none: "Nothing is ruled out.")
        for lane in Lane.allCases { lines += phase(lane) }
        if !plan.related.isEmpty {
            lines += ["", "## Related pages", ""]
            lines += plan.related.map {
                "- \(Self.oneLine($0.text)) Source: \(Self.oneLine($0.citation.description))"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ statements: [Plan.Statement], none: String) -> [String]
    {
        var lines = ["", "## \(title)", ""]
        if statements.isEmpty { lines.append("- \(none)") }
        for statement in statements {
            let source = statement.citation.map { " Source: \(Self.oneLine($0.description))" } ?? ""
            lines.append("- \(Self.oneLine(statement.text))\(source)")
        }
        return lines
    }

    private func phase(_ lane: Lane) -> [String] {
        var lines = ["", "## Phase \(lane.phase) (\(lane.rawValue))", ""]
        let steps = plan.steps(in: lane)
        if steps.isEmpty {
            lines.append("No step of this lane was found in the retrieved pages.")
        }
        for step in steps {
            let mark = step.isRollback ? "Rollback, only if needed: " : ""
            lines.append("\(step.number). \(mark)\(Self.oneLine(step.text))")
            let indent = "   "
            if !step.commands.isEmpty {
                let commands = step.commands.joined(separator: "\n")
                let fence = Self.fence(around: commands)
                lines += ["", "\(indent)\(fence)bash"]
                lines += commands.split(
                    omittingEmptySubsequences: false, whereSeparator: \.isNewline
                )
                .map { indent + $0 }
                lines += ["\(indent)\(fence)", ""]
            }
            lines.append("\(indent)Source: \(Self.oneLine(step.citation.description))")
        }
        return lines
    }

    /// Retrieved text stays one line, so that it cannot add headings or steps of its own.
    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let opensBlock = line.firstMatch(of: /^(?:#|>|[-+*] |~~~|```|\d+[.)] |===|---|\|)/) != nil
        return opensBlock ? "\\" + line : line
    }

    private static func fence(around command: String) -> String {
        var fence = "```"
        while command.contains(fence) { fence += "`" }
        return fence
    }
}
