import ArgumentParser
import Foundation
import Orchestration
import Retrieval
import Store

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Turn a goal into a cited plan in three lanes, written below memory/runs/.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What is to be reached.")
    var goal: String
    @Option(help: "Something to keep to; may be repeated.")
    var constraint: [String] = []
    @Option(help: "offline; planning with a model is not built yet.")
    var planner = "offline"
    @Option(help: "The most tokens of context.")
    var budget = 6000
    @Option(help: "The run's name; else made from the time and the goal.")
    var run: String?

    func validate() throws {
        guard (1...1_000_000).contains(budget) else {
            throw ValidationError("--budget takes 1 to 1000000.")
        }
        if let run, RunID(rawValue: run) == nil {
            throw ValidationError("--run takes a lower-case letter or digit, then a-z 0-9 . _ -")
        }
    }

    func run() async throws {
        guard planner == "offline" else {
            throw Failure(
                code: "MODEL_UNAVAILABLE", message: "no planner \(planner) in this version",
                next: "conductor plan --planner offline", exitCode: .modelUnavailable)
        }
        let settings = try Settings(options)
        let now = Date.now
        let folder = try freshFolder(settings, now: now)
        let builder = ContextBuilder(
            try MemoryReader(settings.memory), paths: settings.paths, embedder: settings.embedder)
        let context = try await builder.context(for: goal, budget: budget, now: now)
        let plan = try await OfflinePlanner(policy: settings.definition)
            .plan(Goal(goal, constraints: constraint), using: context)
        let files = try PlanFiles(
            plan, context: context, policy: settings.definition, run: folder.id.rawValue,
            createdAt: now.ISO8601Format())
        try folder.write(files.files)
        try RunRecord(folder).writeStatus(to: folder, now: now)
        if options.json {
            return try Console.print(json: PlanReply(plan, files, folder, settings))
        }
        for sentence in plan.degraded { Console.note("degraded: \(sentence)") }
        Console.print(Console.isStyled ? Console.safe(files.markdown) : files.markdown)
        Console.note("written to \(folder.path)")
    }

    private func freshFolder(_ settings: Settings, now: Date) throws -> RunFolder {
        let name = run ?? RunName.name(goal: goal, now: now)
        guard let id = RunID(rawValue: name) else {
            throw Failure(
                code: "INVALID_NAME", message: "not a run's name: \(name)",
                next: "name it with --run ID", exitCode: .usage)
        }
        let folder = RunFolder(id, in: settings.memory)
        guard !folder.exists else {
            throw Failure(
                code: "RUN_EXISTS", message: "run \(id) is there already; nothing was changed",
                next: "choose another --run ID", exitCode: .failure)
        }
        return folder
    }
}
