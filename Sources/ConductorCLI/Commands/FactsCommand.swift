import ArgumentParser
import Foundation
import Store

struct FactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kv",
        abstract: "Facts: accounts, budgets, endpoints, owners, and whatever else is true.",
        subcommands: [Get.self, Set.self, Delete.self, List.self, Import.self, Export.self])

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Print a fact's value.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String

        func run() throws {
            guard let fact = try MemoryReader(Settings(options).memory).fact(key) else {
                throw FactsCommand.notFound(key)
            }
            if options.json { return try Console.print(json: FactReply(fact)) }
            Console.print(Console.isStyled ? Console.safe(fact.value) : fact.value)
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "set", abstract: "Set a fact.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String
        @Argument(help: "Its text.") var value: String

        func run() throws {
            let writer = try MemoryWriter(Settings(options).memory)
            try writer.setFacts([(key, value)], now: .now)
            guard options.json, let fact = try writer.reader.fact(key) else { return }
            try Console.print(json: FactReply(fact))
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Remove a fact.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String

        func run() throws {
            guard try MemoryWriter(Settings(options).memory).deleteFact(key) else {
                throw FactsCommand.notFound(key)
            }
            if options.json { try Console.print(json: ["deleted": key]) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List facts by prefix.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "The keys' first characters.") var prefix = ""
        @Flag(help: "Print one JSON object a fact.") var jsonl = false

        func run() throws {
            let facts = try MemoryReader(Settings(options).memory).facts(prefix: prefix)
            let replies = facts.map(FactReply.init)
            if options.json { return try Console.print(json: ["facts": replies]) }
            for (fact, reply) in zip(facts, replies) {
                if jsonl {
                    try Console.print(json: reply)
                } else {
                    Console.print(Console.safe("\(fact.key) = \(fact.value)"))
                }
            }
        }
    }

    static func notFound(_ key: String) -> Failure {
        Failure(
            code: "NOT_FOUND", message: "no fact under \(key)", next: "conductor kv list",
            exitCode: .notFound)
    }
}
