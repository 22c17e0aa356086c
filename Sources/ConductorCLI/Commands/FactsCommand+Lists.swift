import ArgumentParser
import Foundation
import Store

extension FactsCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List facts by prefix.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "The keys' first characters.") var prefix = ""
        @Flag(help: "Print one JSON object a fact.") var jsonl = false

        func run() throws {
            let facts = try FactsCommand.reader(options).facts(prefix: prefix, now: .now)
            if options.json { return try Console.print(json: ["facts": facts]) }
            for fact in facts {
                if jsonl {
                    try Console.print(json: fact)
                } else {
                    Console.print(Console.safe("\(fact.key) = \(fact.value)"))
                }
            }
        }
    }

    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history", abstract: "What a fact was, the oldest first.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "Its key.") var key: String

        func run() throws {
            let revisions = try FactsCommand.reader(options).history(key)
            guard !revisions.isEmpty else { throw FactsCommand.notFound(key) }
            if options.json {
                return try Console.print(
                    json: Reply(key: key, history: revisions.map(Revision.init)))
            }
            for revision in revisions {
                Console.print(Console.safe("\(revision.at)  \(revision.value ?? "(removed)")"))
            }
        }

        private struct Reply: Encodable {
            let key: String
            let history: [Revision]
        }

        private struct Revision: Encodable {
            let value: String?
            let at: String
            let expiresAt: String?

            init(_ revision: FactRevision) {
                (value, at, expiresAt) = (revision.value, revision.at, revision.expiresAt)
            }

            enum CodingKeys: String, CodingKey {
                case value, at
                case expiresAt = "expires_at"
            }
        }
    }
}
