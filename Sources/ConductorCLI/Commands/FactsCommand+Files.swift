import ArgumentParser
import Documents
import Foundation
import Store
import StrictJSON

extension FactsCommand {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set facts from a JSON object, all of them or none.",
            discussion: "Nested objects become dotted keys; other values are kept as their JSON text.")
        @OptionGroup var options: GlobalOptions
        @Argument(help: "The file.", completion: .file()) var file: String

        func run() throws {
            let bytes = try FileBytesReader.bytes(of: file)
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
            abstract: "Print all facts as a JSON object that import takes.")
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let facts = try MemoryReader(Settings(options).memory).facts()
            let members = Dictionary(uniqueKeysWithValues: facts.map { ($0.key, $0.value) })
            Console.print(
                String(decoding: try StrictJSON.encode(members, pretty: true), as: UTF8.self))
        }
    }
}

/// A fact as replies show it.
struct FactReply: Encodable {
    let fact: Fact

    init(_ fact: Fact) {
        self.fact = fact
    }

    private enum CodingKeys: String, CodingKey {
        case key, value
        case updatedAt = "updated_at"
        case expiresAt = "expires_at"
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(fact.key, forKey: .key)
        try members.encode(fact.value, forKey: .value)
        try members.encode(fact.updatedAt, forKey: .updatedAt)
        try members.encodeNil(forKey: .expiresAt)
    }
}

/// Reads a file that the user named.
enum FileBytesReader {
    static func bytes(of path: String) throws -> [UInt8] {
        do throws(DocumentError) {
            return try DocumentReader().bytes(of: path)
        } catch {
            let isMissing = error == .notFound(path: path)
            throw Failure(
                code: isMissing ? "NOT_FOUND" : "UNREADABLE",
                message: "\(path): \(error.diagnostic.message)", next: "check the path",
                exitCode: isMissing ? .notFound : .failure)
        }
    }
}
