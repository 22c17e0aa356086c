public import Foundation
public import Store
internal import StrictJSON

/// What a run's folder says of the run.
public struct RunRecord: Sendable {
    /// How far a run has come.
    public enum State: String, Sendable, Codable {
        /// There is a plan.
        case planned
        /// Its retrospective is written.
        case closed
    }

    /// The run's name.
    public let run: String
    /// Its goal, in the user's words.
    public let goal: String
    /// Who planned.
    public let planner: String
    /// When it was planned, in UTC.
    public let plannedAt: String
    /// How far it has come.
    public let state: State
    /// Its subtasks.
    public let subtasks: [Subtask]
    /// The pages it was planned from, each once.
    public let sources: [String]
    /// The names of the files in its folder, artifacts by their path below it.
    public let files: [String]

    /// Reads a run's folder.
    ///
    /// - Throws: `RunError`: `.notFound` where there is no plan, `.unreadable` where a file of it
    ///   is not what planning wrote.
    public init(_ folder: RunFolder) throws(RunError) {
        guard let lockBytes = folder.read("plan.lock.json") else {
            throw .notFound(run: folder.id.rawValue)
        }
        do {
            let lock = try StrictJSON.decode(PlanLock.self, from: lockBytes)
            let queue = try StrictJSON.decode(
                SubtaskQueue.self, from: folder.read("subtask_queue.json") ?? [])
            run = folder.id.rawValue
            goal = lock.goal
            planner = lock.planner
            plannedAt = lock.createdAt
            subtasks = queue.subtasks
            sources = lock.evidence.map(\.path).reduce(into: []) { paths, path in
                if !paths.contains(path) { paths.append(path) }
            }
            files = folder.files()
            state = files.contains("retrospective.md") ? .closed : .planned
        } catch {
            throw .unreadable(run: folder.id.rawValue, reason: "\(error)")
        }
    }

    /// The text of `status.md`.
    public func statusPage(updatedAt: String) -> String {
        let counts = Lane.allCases.map { lane in
            "| \(lane.rawValue) | \(subtasks.count { $0.lane == lane }) | 0 |"
        }
        return """
            # Status of \(run)

            - Goal: \(goal.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            - State: \(state.rawValue)
            - Updated: \(updatedAt)
            - Planner: \(planner), \(plannedAt)

            | lane | subtasks | done |
            |---|---|---|
            \(counts.joined(separator: "\n"))

            """
    }
}

extension RunRecord {
    /// Brings `status.md` up to date.
    ///
    /// - Throws: `StoreError`.
    public func writeStatus(to folder: RunFolder, now: Date) throws {
        let page = statusPage(updatedAt: now.ISO8601Format())
        try folder.write([("status.md", Array(page.utf8))])
    }
}

/// Why a run could not be read.
///
/// Retrying does not help.
public enum RunError: Error, Equatable, Sendable {
    /// There is no such run.
    case notFound(run: String)
    /// A file of the run is damaged.
    case unreadable(run: String, reason: String)
}
