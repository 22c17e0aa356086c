import ArgumentParser
import Foundation
import Orchestration
import Store

struct FactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kv",
        abstract: "Facts: accounts, budgets, endpoints, owners, and whatever else is true.",
        subcommands: [
            Get.self, Set.self, Delete.self, List.self, History.self, Import.self, Export.self,
        ])

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Print a fact's value.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String

        func run() throws {
            let reader = try FactsCommand.reader(options)
            guard let fact = try reader.fact(key, now: .now) else {
                throw FactsCommand.notFound(key)
            }
            if options.json { return try Console.print(json: fact) }
            Console.print(Console.isStyled ? Console.safe(fact.value) : fact.value)
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set a fact.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String
        @Argument(help: "Its text.") var value: String
        @Option(help: "How long it holds: 90s, 15m, 24h, 7d.") var ttl: FactLifetime?

        func run() throws {
            let writer = try MemoryWriter(Settings(options).memory)
            try writer.setFacts([(key, value)], lifetime: ttl?.seconds, now: .now)
            guard options.json, let fact = try writer.reader.fact(key, now: .now) else { return }
            try Console.print(json: fact)
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Remove a fact.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String

        func run() throws {
            guard try MemoryWriter(Settings(options).memory).deleteFact(key, now: .now) else {
                throw FactsCommand.notFound(key)
            }
            if options.json { try Console.print(json: ["deleted": key]) }
        }
    }

    static func notFound(_ key: String) -> Failure {
        Failure(
            code: "NOT_FOUND", message: "no fact under \(key)", next: "conductor kv list",
            exitCode: .notFound)
    }

    /// A reader; facts that have ended are taken out first, so that other programs see the same.
    static func reader(_ options: GlobalOptions) throws -> MemoryReader {
        let memory = try Settings(options).memory
        let reader = try MemoryReader(memory)
        guard try reader.endedFactCount(now: .now) > 0 else { return reader }
        do {
            _ = try MemoryWriter(memory).removeEndedFacts(now: .now)
        } catch StoreError.busy {
            Console.note("conductor: ended facts stay in the table until the writer has finished")
        }
        return reader
    }
}
