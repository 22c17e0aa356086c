import ArgumentParser
import Foundation
import Orchestration
import Store
import StrictJSON

extension FactsCommand {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Set facts from a JSON object, all of them or none.",
            discussion:
                "Nested objects become dotted keys; other values are kept as their JSON text.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "The file.", completion: .file()) var file: String

        func run() throws {
            let bytes = try NamedFile.bytes(of: file)
            let value: JSONValue
            do {
                value = try StrictJSON.parse(bytes)
            } catch {
                throw Import.refused(file, "\(error)")
            }
            guard case .object(let members) = value else {
                throw Import.refused(file, "the file is not a JSON object")
            }
            let facts = Import.facts(of: members, prefix: "").sorted { $0.key < $1.key }
            try MemoryWriter(Settings(options).memory).setFacts(facts, now: .now)
            if options.json { return try Console.print(json: ["imported": facts.count]) }
            Console.print("\(facts.count) facts set")
        }

        static func facts(
            of members: [String: JSONValue], prefix: String
        ) -> [(key: String, value: String)] {
            members.flatMap { key, value -> [(key: String, value: String)] in
                switch value {
                case .object(let inner): facts(of: inner, prefix: prefix + key + ".")
                case .string(let text): [(prefix + key, text)]
                default: [(prefix + key, String(decoding: value.canonicalBytes, as: UTF8.self))]
                }
            }
        }

        private static func refused(_ file: String, _ reason: String) -> Failure {
            Failure(
                code: "BAD_FILE", message: "\(file): \(reason); no fact was set",
                next: "conductor kv export, for the form", exitCode: .failure)
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Print all facts as a JSON object that import takes.")
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let facts = try FactsCommand.reader(options).facts(now: .now)
            let members = Dictionary(uniqueKeysWithValues: facts.map { ($0.key, $0.value) })
            Console.print(
                String(decoding: try StrictJSON.encode(members, pretty: true), as: UTF8.self))
        }
    }
}
