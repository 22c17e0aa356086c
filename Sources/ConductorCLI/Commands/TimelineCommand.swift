import ArgumentParser
import Foundation
import Store
import StrictJSON

struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "What happened: events in the memory and in memory/timeline.ndjson.",
        subcommands: [Append.self, List.self, Verify.self, Import.self])

    struct Append: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "append", abstract: "Note an event; on disk when this returns.")
        @OptionGroup var options: TimelineOptions
        @Option(name: .customLong("agent"), help: "Who did it.") var actor: String
        @Option(help: "What was done, in a word.") var action: String
        @Option(help: "What happened, in a sentence.") var summary: String
        @Option(help: "What it belongs to.") var taskId: String?
        @Option(help: "A file that belongs to it; may be repeated.") var artifact: [String] = []

        func run() throws {
            var members: [(name: String, value: JSONValue)] = [("agent", .string(actor))]
            if let taskId { members.append(("task_id", .string(taskId))) }
            members += [("action", .string(action)), ("summary", .string(summary))]
            if !artifact.isEmpty {
                members.append(("artifacts", .array(artifact.map { .string($0) })))
            }
            let event = TimelineEvent(timestamp: Date.now.ISO8601Format(), members: members)
            try MemoryWriter.noting(options).append([event])
            Console.print(options.json ? event.line : Console.safe(event.text))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List events, the oldest first.")
        @OptionGroup var options: TimelineOptions
        @Option(help: "Events at or after this time: 2026-11-01, or an age: 7d.") var since: String?
        @Option(name: .customLong("agent"), help: "Events of this agent.") var actor: String?
        @Option(help: "Events of this task.") var task: String?
        @Option(name: [.customShort("n"), .long], help: "Only the latest.") var limit: Int?
        @Flag(help: "Print one JSON object an event.") var jsonl = false

        func run() throws {
            var query = TimelineQuery()
            (query.agent, query.taskID, query.limit) = (actor, task, limit)
            query.since = since.map { text in
                FactLifetime(text).map { (Date.now - $0.seconds).ISO8601Format() } ?? text
            }
            let events = try MemoryReader(Settings(options).memory).events(query)
            if options.json {
                return Console.print(
                    "{\"events\":[" + events.map(\.line).joined(separator: ",") + "]}")
            }
            for event in events {
                Console.print(
                    jsonl ? event.line : Console.safe("\(event.timestamp)  \(event.text)"))
            }
        }
    }
}

extension MemoryWriter {
    /// The memory that options name, for writing; says what was repaired on the way.
    static func noting(_ options: some MemoryOptions) throws -> MemoryWriter {
        let writer = try MemoryWriter(Settings(options).memory)
        for sentence in writer.repairs { Console.note("repaired: \(sentence)") }
        return writer
    }
}
