internal import GRDB

/// Which events are wanted.
public struct TimelineQuery: Sendable {
    /// Events at or after this time, compared as text: ISO 8601 in UTC.
    public var since: String?
    /// Events of this agent.
    public var agent: String?
    /// Events of this task.
    public var taskID: String?
    /// The most events, the latest ones; nil for all.
    public var limit: Int?

    /// All events.
    public init() {}
}

/// What a check of the timeline found.
public struct TimelineCheck: Sendable, Equatable, Codable {
    /// Events.
    public var events = 0
    /// Lines that are no events, in the file or kept from an import.
    public var malformed = 0
    /// 1-based lines of the file that are not what was written.
    public var altered: [Int] = []
    /// Sequence numbers whose hash does not follow from the line before.
    public var brokenChain: [Int] = []
    /// Lines that the file lacks.
    public var missing = 0

    /// Whether nothing is wrong; malformed lines of others are not.
    public var isClean: Bool { altered.isEmpty && brokenChain.isEmpty && missing == 0 }

    enum CodingKeys: String, CodingKey {
        case events, malformed, altered, missing
        case brokenChain = "broken_chain"
    }
}

extension MemoryReader {
    /// Events in the order they happened; equal times in the order they were written.
    public func events(_ query: TimelineQuery) throws(StoreError) -> [TimelineEvent] {
        let lines = try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT line FROM (
                        SELECT line, ts, seq FROM events
                        WHERE is_malformed = 0 AND (:since IS NULL OR ts >= :since)
                            AND (:agent IS NULL OR agent = :agent)
                            AND (:task IS NULL OR task_id = :task)
                        ORDER BY ts DESC, seq DESC LIMIT :limit
                    ) ORDER BY ts, seq
                    """,
                arguments: [
                    "since": query.since, "agent": query.agent, "task": query.taskID,
                    "limit": query.limit ?? -1,
                ])
        }
        return lines.compactMap(TimelineEvent.init(line:))
    }

    /// Holds the file against the database, and each hash against the line before.
    ///
    /// - Complexity: O(timeline).
    public func checkTimeline(_ paths: MemoryPaths) throws(StoreError) -> TimelineCheck {
        var check = TimelineCheck()
        let rows = try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT seq, line_number, line, is_malformed, hash FROM events ORDER BY seq")
        }
        var inFile = try TimelineFile(path: paths.timeline).bytes(from: 0)
            .split(separator: 0x0A, omittingEmptySubsequences: false)
        if inFile.last?.isEmpty == true { inFile.removeLast() }
        var previous = ""
        for row in rows {
            let line: String = row["line"]
            let isMalformed: Bool = row["is_malformed"]
            if isMalformed { check.malformed += 1 } else { check.events += 1 }
            let hash: String = row["hash"]
            if hash != TimelineLine.hash(line, after: previous) {
                check.brokenChain.append(row["seq"])
            }
            previous = hash
            guard let number: Int = row["line_number"] else { continue }
            if number > inFile.count {
                check.missing += 1
            } else if String(decoding: inFile[number - 1], as: UTF8.self) != line {
                check.altered.append(number)
            }
        }
        return check
    }

    /// Whether a line is known to the letter.
    func hasTimelineLine(_ line: String) throws(StoreError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS(SELECT 1 FROM events WHERE line = ?)",
                arguments: [line]) ?? false
        }
    }

    /// The lines that the file should have, in order.
    func timelineFileLines() throws(StoreError) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: "SELECT line FROM events WHERE line_number IS NOT NULL ORDER BY line_number")
        }
    }
}
