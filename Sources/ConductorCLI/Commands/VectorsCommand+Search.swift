import ArgumentParser
import Orchestration
import Kernels
import Vectors

extension VectorsCommand {
    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "search", abstract: "Find the nearest rows of a file for every query.",
            discussion: """
                Exact: what scoring every row in float32 gives; equal scores by row number. Through \
                an index's graph: much faster over many rows, and a row may be missed, as seldom as \
                --recall says; how deep that is, is learnt from the queries where they are 32 or \
                more. auto takes what costs least. Prints a line of row numbers a query, \
                from 0, best first, also where a file has ids; of an imported index, a line of ids.
                """)

        @OptionGroup var options: GlobalOptions
        @Argument(help: "The index (a folder) or file that is searched.", completion: .file())
        var base: String
        @Option(help: "A file with a query a row.", completion: .file()) var queries: String
        @Option(name: [.customShort("k"), .long], help: "The most rows for a query.")
        var limit = 10
        @Option(help: "How many queries are searched at once.") var batch = 1
        @Option(help: "Among how many threads each search is split.") var threads = 1
        @Option(help: "What near means; else the index's or FAISS file's own, else inner-product.")
        var metric: VectorMetric?
        @Option(help: "How to search; over a file, auto is exact.") var method = VectorMethod.auto
        @Option(help: "The share of the nearest rows that a graph must find; as built, 0.98.")
        var recall: Double?
        @Option(
            help: "True rows, int64 [queries, k or more] in .npy, for the recall.",
            completion: .file())
        var truth: String?
        @Option(
            help: "Write row numbers as int64 [queries, k] to this .npy, -1 where fewer.",
            completion: .file())
        var out: String?

        func validate() throws {
            guard min(limit, batch, threads) > 0 else {
                throw ValidationError("-k, --batch and --threads take 1 or more.")
            }
            guard threads <= 1024 else { throw ValidationError("--threads takes at most 1024.") }
            guard recall.map({ $0 > 0 && $0 <= 1 }) ?? true else {
                throw ValidationError("--recall is above 0, and at most 1.")
            }
        }

        func run() async throws {
            let (base, queries) = (try VectorBase(base), try VectorSource(queries))
            let (rowCount, queryCount) = (try base.rowCount(), try queries.rows().count)
            if out != nil { try RowNumbers.requireRoom(queries: queryCount, limit: limit) }
            let truth = try truth.map {
                try RowNumbers.truth(
                    at: $0, queries: queryCount, limit: limit, rowCount: rowCount)
            }
            let search = try VectorSearch(
                base, metric: metric, queries: queries, method: method.wanted, recall: recall)
            guard method != .graph || search.index.isGraphSound else {
                throw Failure(noGraph: base.path)
            }
            let way = VectorSearch.Way(
                limit: limit, batch: batch, threads: threads, method: method.wanted)
            let answers = try await search.answers(to: queries, way)
            if let out { try RowNumbers.write(answers.rows, limit: limit, to: out) }
            let reply = VectorSearchReply(
                search, answers, way, out: out,
                recall: truth.map { RowNumbers.recall(of: answers.rows, truth: $0) })
            if options.json { return try Console.print(json: reply) }
            for row in reply.rows ?? [] {
                Console.print(row.map(String.init).joined(separator: " "))
            }
            Console.note("conductor: \(reply)")
        }
    }
}
