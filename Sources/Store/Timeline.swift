internal import Foundation
internal import GRDB

/// What became of lines that were brought in.
public struct TimelineImport: Sendable, Equatable, Codable {
    /// Events that are new.
    public var imported = 0
    /// Lines that were there already, to the letter.
    public var known = 0
    /// Lines that are no events; they are kept and stay out of the file.
    public var malformed = 0
}

extension MemoryWriter {
    /// Appends events: first in the database, then in the file; on disk in both when this returns.
    ///
    /// - Throws: `StoreError`. Where only the file failed, the events are kept and the next writer
    ///   completes the file.
    /// - Complexity: O(events), whatever the timeline's length.
    public func append(_ events: [TimelineEvent]) throws(StoreError) {
        try keeper.insert(events.map { TimelineLine(event: $0) }, toFile: true)
        try keeper.file.append(events.map(\.line))
    }

    /// Brings in the lines of another timeline; lines known to the letter are left out.
    public func importTimeline(_ bytes: [UInt8]) throws(StoreError) -> TimelineImport {
        var result = TimelineImport()
        var seen: Set<String> = []
        var events: [TimelineEvent] = []
        var malformed: [TimelineLine] = []
        for line in bytes.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            guard !text.allSatisfy(\.isWhitespace) else { continue }
            let isKnown = try reader.hasTimelineLine(text)
            guard seen.insert(text).inserted, !isKnown else {
                result.known += 1
                continue
            }
            if let event = TimelineEvent(line: text) {
                events.append(event)
            } else {
                malformed.append(TimelineLine(malformed: text))
            }
        }
        result.imported = events.count
        result.malformed = malformed.count
        try keeper.insert(malformed, toFile: false)
        try append(events)
        return result
    }

    private var keeper: TimelineKeeper { TimelineKeeper(paths: paths, queue: queue) }
}
