internal import Foundation
internal import GRDB

/// Keeps the events table and `timeline.ndjson` in step; used under the write lock only.
///
/// The database is told first, with how long the file will be; then the file is appended to. Where
/// they differ at the next start, the file is completed, or what others appended is taken in.
struct TimelineKeeper {
    let paths: MemoryPaths
    let queue: DatabaseQueue

    var file: TimelineFile { TimelineFile(path: paths.timeline) }
    private var reader: MemoryReader { MemoryReader(queue) }

    /// Puts the file in step with the database: lines that others appended are taken in, a torn
    /// tail is moved aside, and lines that a crash kept out of the file are appended.
    ///
    /// - Returns: sentences on what was repaired; none where all was well.
    /// - Complexity: O(1) where nothing happened since.
    func repair() throws(StoreError) -> [String] {
        var notes: [String] = []
        let expected = try timelineByteCount()
        let found = try file.byteCount()
        if found < expected {
            notes.append(try restoreTimeline())
        } else if found > expected {
            notes += try adoptTail(from: expected)
        }
        return notes
    }

    /// Takes in what others appended behind the known end.
    private func adoptTail(from expected: Int) throws(StoreError) -> [String] {
        var notes: [String] = []
        let tail = try file.bytes(from: expected)
        let end = tail.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        if end < tail.count {
            let aside = try file.moveAside(from: expected + end)
            notes.append("a torn line of the timeline was moved to \(aside)")
        }
        let lines = tail[..<end].split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
            .map { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                return TimelineEvent(line: text).map {
                    TimelineLine(event: $0, byteCount: bytes.count + 1)
                }
                    ?? TimelineLine(malformed: text, byteCount: bytes.count + 1)
            }
        try insert(lines, toFile: true)
        if !lines.isEmpty { notes.append("\(lines.count) timeline lines of others were taken in") }
        return notes
    }

    /// Appends what the file lacks; where what it has is not what was written, all of it is moved
    /// aside and written again.
    private func restoreTimeline() throws(StoreError) -> String {
        let bytes = try file.bytes(from: 0)
        let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let lines = try reader.timelineFileLines()
        let whole = Array(lines.map { $0 + "\n" }.joined().utf8)
        let isPrefix = whole.starts(with: bytes[..<end])
        let keep = isPrefix ? end : 0
        var aside = ""
        if bytes.count > keep { aside = try file.moveAside(from: keep) }
        let kept = bytes[..<keep].count { $0 == 0x0A }
        try file.append(Array(lines.dropFirst(kept)))
        let note = "\(lines.count - kept) timeline lines were written again"
        return aside.isEmpty ? note : note + "; what did not belong was moved to \(aside)"
    }

    private func timelineByteCount() throws(StoreError) -> Int {
        let text = try reader.meta("timeline_bytes") ?? "0"
        return Int(text) ?? 0
    }

    /// Adds lines to the table and, where they go to the file too, its passages.
    func insert(_ lines: [TimelineLine], toFile: Bool) throws(StoreError) {
        guard !lines.isEmpty else { return }
        let path = paths.storedTimeline
        try storeErrors {
            try queue.write { database in
                var last =
                    try String.fetchOne(
                        database, sql: "SELECT hash FROM events ORDER BY seq DESC LIMIT 1") ?? ""
                var number =
                    try Int.fetchOne(
                        database, sql: "SELECT max(line_number) FROM events") ?? 0
                for line in lines {
                    last = TimelineLine.hash(line.text, after: last)
                    if toFile { number += 1 }
                    try database.execute(
                        sql: """
                            INSERT INTO events(line_number, line, is_malformed, ts, agent, task_id, hash)
                            VALUES (?, ?, ?, ?, ?, ?, ?)
                            """,
                        arguments: [
                            toFile ? number : nil, line.text, line.event == nil,
                            line.event?.timestamp, line.event?.agent, line.event?.taskID, last,
                        ])
                    if let event = line.event, toFile {
                        try Self.insertPassage(
                            of: event, line: number, path: path, hash: last, in: database)
                    }
                }
                guard toFile else { return }
                try database.execute(
                    sql: """
                        UPDATE meta SET value = CAST(value AS INTEGER) + ? WHERE name = 'timeline_bytes'
                        """, arguments: [lines.reduce(0) { $0 + $1.byteCount }])
            }
        }
    }

    /// Makes an event findable like any passage: one line of the timeline's document.
    private static func insertPassage(
        of event: TimelineEvent, line: Int, path: String, hash: String, in database: Database
    ) throws {
        let document = try Int64.fetchOne(
            database,
            sql: """
                INSERT INTO documents(path, docid, collection, kind, title, content_hash, chunker,
                    front_matter, indexed_at)
                VALUES (:path, :docid, 'timeline', 'event', 'Timeline', :hash, '', '{}', :now)
                ON CONFLICT(path) DO UPDATE SET content_hash = :hash, kind = 'event'
                RETURNING id
                """,
            arguments: [
                "path": path, "docid": String(Digest.hex(of: Array(path.utf8)).prefix(12)),
                "hash": hash, "now": event.timestamp,
            ])
        let chunk = ChunkRecord(
            lines: line...line, bytes: 0..<0, breadcrumb: event.breadcrumb, body: event.text,
            identifiers: "", tokens: event.text.utf8.count / 4 + 1,
            embeddingKey: EmbeddedText.key(breadcrumb: event.breadcrumb, body: event.text))
        try MemoryWriter.insertChunk(chunk, ordinal: line, document: document ?? 0, in: database)
    }
}

/// A line on its way into the events table.
struct TimelineLine {
    let text: String
    let event: TimelineEvent?
    /// What it takes in the file, line end included.
    let byteCount: Int

    init(event: TimelineEvent, byteCount: Int? = nil) {
        text = event.line
        self.event = event
        self.byteCount = byteCount ?? event.line.utf8.count + 1
    }

    init(malformed text: String, byteCount: Int? = nil) {
        self.text = text
        event = nil
        self.byteCount = byteCount ?? text.utf8.count + 1
    }

    /// - Source: a hash chain after Schneier and Kelsey, "Secure Audit Logs", 1999.
    static func hash(_ line: String, after previous: String) -> String {
        Digest.hex(of: Array("tl/v1\0\(previous)\n\(line)".utf8))
    }
}
