public import StrictJSON

/// One line of the timeline.
///
/// Only `ts` is common to all writers; every other member is optional, and unknown ones are kept.
public struct TimelineEvent: Sendable, Equatable {
    /// The line as it stands in the file, without its line end.
    public let line: String
    /// Its members.
    public let members: [String: JSONValue]

    /// When it happened, as its writer put it.
    public let timestamp: String

    /// Understands a line; nil where it is no JSON object with a text under `ts`.
    public init?(line: String) {
        do throws(JSONError) {
            let value = try StrictJSON.parse(line.utf8)
            guard case .object(let members) = value, let timestamp = members["ts"]?.string else {
                return nil
            }
            self.line = line
            self.members = members
            self.timestamp = timestamp
        } catch {
            return nil
        }
    }

    /// A new event; its members stand in the line in the order given, `ts` first.
    public init(timestamp: String, members: [(name: String, value: JSONValue)]) {
        let all = [("ts", JSONValue.string(timestamp))] + members.map { ($0.name, $0.value) }
        let parts = all.map { name, value in
            String(
                decoding: JSONValue.string(name).canonicalBytes + [0x3A] + value.canonicalBytes,
                as: UTF8.self)
        }
        line = "{" + parts.joined(separator: ",") + "}"
        self.members = Dictionary(all) { _, last in last }
        self.timestamp = timestamp
    }

    /// Who did it.
    public var agent: String? { members["agent"]?.string }
    /// What it belongs to.
    public var taskID: String? { members["task_id"]?.string }
    /// What was done, or the older form's `event`.
    public var action: String? { members["action"]?.string ?? members["event"]?.string }
    /// In a sentence.
    public var summary: String? { members["summary"]?.string }
    /// Files that belong to it.
    public var artifacts: [String] { members["artifacts"]?.array?.compactMap(\.string) ?? [] }

    /// The event as search reads it: one line of prose.
    public var text: String {
        let who = [agent, action, taskID].compactMap { $0 }.joined(separator: " ")
        let what = summary ?? ""
        let files = artifacts.isEmpty ? "" : " (" + artifacts.joined(separator: ", ") + ")"
        return [who, what].filter { !$0.isEmpty }.joined(separator: ": ") + files
    }

    /// Where it stands: `Timeline › 2026-11-23`.
    public var breadcrumb: String { "Timeline › " + timestamp.prefix(10) }
}

extension TimelineEvent: Codable {
    /// Writes the event's members, as its line has them.
    public func encode(to encoder: any Encoder) throws {
        try JSONValue.object(members).encode(to: encoder)
    }

    /// Reads an object with a text under `ts`.
    ///
    /// - Throws: `DecodingError` where it is none.
    public init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        guard let event = Self(line: String(decoding: value.canonicalBytes, as: UTF8.self)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no event: ts is missing"))
        }
        self = event
    }
}

extension TimelineEvent: SchemaDescribing {
    /// An object with a text under `ts`, and whatever else its writer noted.
    public static var schema: JSONSchema {
        JSONSchema(
            .object(
                [.init("ts", JSONSchema(.string(count: nil, .any)), isRequired: true)],
                isOpen: true))
    }

    /// An event that says nothing.
    public static var example: TimelineEvent { TimelineEvent(timestamp: "", members: []) }
}
