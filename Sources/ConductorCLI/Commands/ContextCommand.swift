import ArgumentParser
import Foundation
import Retrieval
import Store

struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "What to know before acting on a goal: facts, cited passages, what was left out.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case md, json
    }

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What is to be reached.")
    var goal: String
    @Option(help: "The most tokens.")
    var budget = 6000
    @Option(help: "Keys of further facts, by their first characters; may be repeated.")
    var fact: [String] = []
    @Option(help: "md or json.")
    var format = Format.md

    func validate() throws {
        guard (1...1_000_000).contains(budget) else {
            throw ValidationError("--budget takes 1 to 1000000.")
        }
    }

    func run() async throws {
        let settings = try Settings(options)
        let builder = ContextBuilder(
            try MemoryReader(settings.memory), paths: settings.paths,
            embedder: try await settings.embedder(), vectors: PassageVectors(settings.memory))
        let context = try await builder.context(
            for: goal, budget: budget, factPrefixes: fact, now: .now)
        if options.json || format == .json {
            try Console.print(json: ContextReply(context))
        } else {
            for sentence in context.degraded { Console.note("degraded: \(sentence)") }
            Console.print(ContextPage(context).markdown)
        }
        if context.passages.isEmpty && context.facts.isEmpty { throw ExitCode(1) }
    }
}
