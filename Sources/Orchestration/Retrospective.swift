public import Store
internal import StrictJSON

/// The arrow gate → retro: what a run leaves for the next one.
public struct Retrospective: Sendable {
    /// The text of `retrospective.md`.
    public let markdown: String
    /// The line of the timeline that tells of it.
    public let event: TimelineEvent

    /// Writes up a run as it is; it may be at any stage.
    ///
    /// Pure.
    ///
    /// - Parameters:
    ///   - record: the run.
    ///   - owner: the agent that ran it.
    ///   - folder: the run's folder, as the memory names it.
    ///   - now: the time to note, in UTC.
    public init(of record: RunRecord, owner: String, folder: String, now: String) {
        let goal = record.goal.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let artifacts = record.files.filter { $0 != "retrospective.md" }
        markdown = Self.page(record, goal: goal, owner: owner, artifacts: artifacts, now: now)
        event = TimelineEvent(
            timestamp: now,
            members: [
                ("agent", .string("Sweeper")), ("task_id", .string(record.run)),
                ("action", .string("retrospective")),
                ("summary", .string("Retrospective of \"\(goal)\": \(Self.outcome(record))")),
                ("artifacts", .array([.string("\(folder)/retrospective.md")])),
                (
                    "refs",
                    .object(["prs": .array([]), "docs": .array(record.sources.map { .string($0) })])
                ),
                ("metrics", .object([:])),
            ])
    }

    // The headings are the seed's own template.
    private static func page(
        _ record: RunRecord, goal: String, owner: String, artifacts: [String], now: String
    ) -> String {
        let lanes = Lane.allCases.map { lane in
            "\(record.subtasks.count { $0.lane == lane }) in \(lane.rawValue)"
        }.joined(separator: ", ")
        let sources =
            record.sources.isEmpty
            ? "No page was found for it."
            : "It was planned from \(record.sources.joined(separator: ", "))."
        let pages = record.sources.prefix(1).map { "- Review \($0) with what this run taught." }
        return """
            # Retrospective – \(record.run)

            **Date:** \(now)
            **Owner:** \(owner)
            **Related PRs:** none recorded
            **Artifacts:** \(artifacts.isEmpty ? "none" : artifacts.joined(separator: ", "))

            ## What changed & why

            The goal was "\(goal)". What we learned about it: \(outcome(record)). \
            \(sources) The plan has \(record.subtasks.count) subtasks: \(lanes).

            ## Impact & validation

            - Observed impact (latency/errors/cost): not recorded for this run
            - Tests / alarms: the exit criteria stand in plan.md

            ## Rollout & rollback

            - Rollout mode: lanes read_only, dry_run, execute; the last only after approval
            - Rollback steps (tested): none recorded as tested; see the steps marked Rollback in plan.md

            ## Follow-ups

            \((pages + ["- Record what was measured for \"\(goal)\" as facts and in the timeline."]).joined(separator: "\n"))

            """
    }

    private static func outcome(_ record: RunRecord) -> String {
        let attached = record.files.count { $0.hasPrefix("artifacts/") }
        let evidence =
            attached == 0 ? "no artifact is attached" : "\(attached) artifacts are attached"
        return "the run was planned on \(record.plannedAt.prefix(10)) and \(evidence)"
    }
}
