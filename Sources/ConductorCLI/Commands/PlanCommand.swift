import ArgumentParser
import Documents
import Foundation
import ModelClients
import Orchestration
import Store

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Turn a goal into a cited plan in three lanes, written below memory/runs/.",
        discussion: """
            Planners: offline (no model, nothing leaves the machine), primary and secondary (the \
            agent definition's models), claude:MODEL, ollama:MODEL. Where a model gives no plan \
            the next one is asked, at last the offline planner; every hop is told.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What is to be reached.")
    var goal: String
    @Option(help: "Something to keep to; may be repeated.")
    var constraint: [String] = []
    @Option(help: "primary, secondary, offline, claude:MODEL or ollama:MODEL.")
    var planner = "offline"
    @Option(help: "The most tokens of context.")
    var budget = 6000
    @Option(help: "The most seconds that models may take together.")
    var deadline = 300
    @Option(help: "The run's name; else made from the time and the goal.")
    var run: String?

    func validate() throws {
        guard (1...1_000_000).contains(budget) else {
            throw ValidationError("--budget takes 1 to 1000000.")
        }
        guard (1...86_400).contains(deadline) else {
            throw ValidationError("--deadline takes 1 to 86400 seconds.")
        }
        if case .model(let name) = PlannerChoice(planner), !ModelCatalog.knows(name) {
            throw ValidationError(
                "--planner takes primary, secondary, offline, claude:MODEL or ollama:MODEL.")
        }
        if let run, RunID(rawValue: run) == nil {
            throw ValidationError("--run takes a lower-case letter or digit, then a-z 0-9 . _ -")
        }
    }

    func run() async throws {
        let settings = try Settings(options)
        let console = PlanningConsole()
        let started = ContinuousClock.now
        let result = try await settings.planning(
            embedder: try await settings.embedder(), redactor: Redactor()
        ).plan(
            Planning.Request(
                Goal(goal, constraints: constraint), choice: PlannerChoice(planner),
                tokenBudget: budget, run: run),
            within: TimeLimit(.seconds(deadline)) { ContinuousClock.now - started }, now: .now
        ) { console.show($0) }
        console.finish()
        if options.json { return try Console.print(json: result.reply) }
        for sentence in result.reply.degraded { Console.note("degraded: \(sentence)") }
        Console.print(Console.isStyled ? Console.safe(result.markdown) : result.markdown)
        Console.note("written to \(result.folder)")
    }
}
