import ArgumentParser
import Foundation
import Orchestration
import Retrieval
import Store

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Ask labelled queries and measure the answers.",
        discussion: """
            --set DIR holds corpus.jsonl, queries.jsonl and qrels.tsv in BEIR's layout; it is indexed \
            into a memory of its own, which is removed at the end. --queries F asks the current \
            memory: {"query":…,"relevant":["path",…]} a line. A document ranks where its best \
            passage does. Vectors are kept in the cache, so a second run is quick.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "A folder in BEIR's layout.", completion: .directory)
    var set: String?
    @Option(help: "A file of labelled queries for the current memory.", completion: .file())
    var queries: String?
    @Option(help: "The embedder's ID. See `embed --help`.")
    var embedder: String?
    @Option(help: "auto, hybrid, lexical or dense.")
    var mode = SearchRequest.Mode.auto
    @Option(help: "Exit with 3 where nDCG@10 is less.")
    var minNdcg: Double?
    @Option(help: "Write the run, query by query, to this file.", completion: .file())
    var save: String?

    func validate() throws {
        guard (set == nil) != (queries == nil) else {
            throw ValidationError("Give --set DIR or --queries F.")
        }
        guard (0...1).contains(minNdcg ?? 0) else {
            throw ValidationError("--min-ndcg takes 0 to 1.")
        }
    }

    func run() async throws {
        let outcome = try await outcome()
        if let save { try AtomicFile.write(outcome.run.fileBytes(), to: save) }
        if options.json {
            try Console.print(json: EvaluationSummary(outcome.run))
        } else {
            EvaluationPage(run: outcome.run).print()
        }
        let reached = outcome.run.figures.mean.ndcgAt10
        if let minNdcg, reached < minNdcg {
            Console.note("conductor: nDCG@10 is \(reached), less than \(minNdcg)")
            throw ExitCode(3)
        }
    }

    private func outcome() async throws -> EvaluationOutcome {
        let bench = EvaluationBench(embedderID: embedder, mode: mode)
        if let set { return try await bench.run(set: set) }
        return try await bench.run(queries: queries ?? "", Settings(options))
    }
}
