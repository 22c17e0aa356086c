import ArgumentParser
import Orchestration
import Retrieval

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Ask labelled queries and measure the answers.",
        discussion: """
            --set DIR holds corpus.jsonl, queries.jsonl and qrels.tsv in BEIR's layout; it is indexed \
            into a memory of its own, which is removed at the end. --queries F asks the current \
            memory: {"query":…,"relevant":["path",…]} a line. A document ranks where its best \
            passage does. Vectors are kept in the cache, so a second run is quick.

            Nothing is called better unless the 95 % interval of the difference leaves 0 out.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "A folder in BEIR's layout; may be repeated.", completion: .directory)
    var set: [String] = []
    @Option(help: "A file of labelled queries for the current memory.", completion: .file())
    var queries: String?
    @Option(help: "The embedder's ID. See `embed --help`.")
    var embedder: String?
    @Option(help: "auto, hybrid, lexical or dense.")
    var mode = SearchRequest.Mode.auto
    @OptionGroup(title: "Reranking") var reranking: RerankOptions
    @Option(help: "Rank by the parameters in this file, as --tune --json tells them.")
    var parameters: String?
    @Flag(help: "Search better parameters for the fusion, by cross-validation over all sets.")
    var tune = false
    @Option(help: "Exit with 3 where a set's nDCG@10 is less.")
    var minNdcg: Double?
    @Option(help: "Write the run, query by query, to this file.", completion: .file())
    var save: String?
    @Option(help: "Compare with a run that --save wrote.", completion: .file())
    var compare: String?
    @Option(help: "Write report.md, pictures and run.json into this folder.")
    var report: String?

    func validate() throws {
        guard set.isEmpty != (queries == nil) else {
            throw ValidationError("Give --set DIR or --queries F.")
        }
        guard (0...1).contains(minNdcg ?? 0) else {
            throw ValidationError("--min-ndcg takes 0 to 1.")
        }
        try reranking.check(mode, isTuning: tune)
        guard set.count < 2 || (save == nil && compare == nil && report == nil) else {
            throw ValidationError("--save, --compare and --report take one set at a time.")
        }
    }

    func run() async throws {
        let files = EvaluationFiles(save: save, compare: compare, report: report)
        // Before anything is asked: a file that cannot be read would waste the time.
        let earlier = try files.earlierRun()
        let bench = EvaluationBench(
            embedderID: embedder, mode: mode, parameters: try files.parameters(parameters),
            reranker: try reranking.reranker(
                Settings(options), PlanningConsole(isForService: true)))
        var outcomes: [EvaluationOutcome] = []
        for folder in set { outcomes.append(try await bench.run(set: folder)) }
        if let queries {
            outcomes.append(try await bench.run(queries: queries, Settings(options)))
        }
        let tuning =
            tune ? await TuningReport.tuning(outcomes, shipped: bench.parameters) : nil
        let runs = outcomes.map(\.run)
        let comparison = try earlier.map { try RunComparison(runs[0], with: $0) }
        try files.write(runs[0], comparison, tuning)
        let page = EvaluationPage(runs: runs, comparison: comparison, tuning: tuning)
        if options.json { try page.printJSON() } else { page.print() }
        let least = runs.map(\.figures.mean.ndcgAt10).min() ?? 0
        if let minNdcg, least < minNdcg {
            Console.note("conductor: nDCG@10 is \(least), less than \(minNdcg)")
            throw ExitCode(3)
        }
    }
}
