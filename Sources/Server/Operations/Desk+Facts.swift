internal import Foundation
internal import Orchestration
internal import Store
internal import StrictJSON

/// Facts by prefix.
struct FactList: Sendable, Codable {
    let facts: [Fact]
}

/// A fact that was removed.
struct FactRemoval: Sendable, Codable {
    let deleted: String
}

/// Events of the timeline.
struct EventList: Sendable, Codable {
    let events: [TimelineEvent]
}

extension Desk {
    func facts(_ arguments: Arguments) async throws -> FactList {
        FactList(facts: try reader().facts(prefix: arguments.text("prefix") ?? "", now: .now))
    }

    func fact(_ arguments: Arguments) async throws -> Fact {
        let key = try arguments.required("key")
        guard let fact = try reader().fact(key, now: .now) else { throw Self.noFact(key) }
        return fact
    }

    func setFact(_ arguments: Arguments) async throws -> Fact {
        let (key, value) = (try arguments.required("key"), try arguments.required("value"))
        let lifetime = try arguments.text("ttl").map(Self.seconds)
        return try await write { writer in
            try writer.setFacts([(key, value)], lifetime: lifetime, now: .now)
            guard let fact = try writer.reader.fact(key, now: .now) else { throw Self.noFact(key) }
            return fact
        }
    }

    func deleteFact(_ arguments: Arguments) async throws -> FactRemoval {
        let key = try arguments.required("key")
        guard try await write({ try $0.deleteFact(key, now: .now) }) else {
            throw Self.noFact(key)
        }
        return FactRemoval(deleted: key)
    }

    func events(_ arguments: Arguments) async throws -> EventList {
        var query = TimelineQuery()
        query.since = arguments.text("since")
        query.agent = arguments.text("agent")
        query.taskID = arguments.text("task_id")
        query.limit = arguments.number("limit") ?? 50
        return EventList(events: try reader().events(query))
    }

    func appendEvent(_ arguments: Arguments, did: String) async throws -> TimelineEvent {
        var members: [(name: String, value: JSONValue)] = [
            ("agent", .string(try arguments.required("agent")))
        ]
        if let task = arguments.text("task_id") { members.append(("task_id", .string(task))) }
        members += [
            ("action", .string(did)), ("summary", .string(try arguments.required("summary"))),
        ]
        let artifacts = arguments.texts("artifacts")
        if !artifacts.isEmpty {
            members.append(("artifacts", .array(artifacts.map { .string($0) })))
        }
        let event = TimelineEvent(timestamp: Date.now.ISO8601Format(), members: members)
        try await write { try $0.append([event]) }
        return event
    }

    private static func noFact(_ key: String) -> Failure {
        Failure(
            code: "NOT_FOUND", message: "no fact under \(key)", next: "list the facts",
            exitCode: .notFound)
    }

    private static func seconds(_ text: String) throws -> TimeInterval {
        guard let lifetime = FactLifetime(text) else {
            throw Failure(
                code: "USAGE", message: "ttl \(text) is no length of time",
                next: "write 90s, 15m, 24h or 7d", exitCode: .usage)
        }
        return lifetime.seconds
    }
}
