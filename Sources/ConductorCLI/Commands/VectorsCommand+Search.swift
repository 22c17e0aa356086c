import ArgumentParser
import Orchestration
import Kernels
import Vectors

extension VectorsCommand {
    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "search", abstract: "Find the nearest rows of a file for every query.",
            discussion: """
                Exact: what scoring every row in float32 gives; equal scores by row number. Prints \
                a line of row numbers a query, from 0, best first, also where a file has ids; of an \
                index that was imported, a line of ids.
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
        @Option(help: "How to search; auto is exact.") var method = VectorMethod.auto
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
        }

        func run() async throws {
            guard method != .graph else { throw Search.noGraph(base) }
            let (base, queries) = (try VectorBase(base), try VectorSource(queries))
            let (rowCount, queryCount) = (try base.rowCount(), try queries.rows().count)
            if out != nil { try RowNumbers.requireRoom(queries: queryCount, limit: limit) }
            let truth = try truth.map {
                try RowNumbers.truth(
                    at: $0, queries: queryCount, limit: limit, rowCount: rowCount)
            }
            let search = try VectorSearch(base, metric: metric, searches: queryCount)
            let answers = try await search.answers(
                to: queries, limit: limit, batch: batch, threads: threads)
            if let out { try RowNumbers.write(answers.rows, limit: limit, to: out) }
            let reply = VectorSearchReply(
                search, answers, limit: limit, batch: batch, threads: threads, out: out,
                recall: truth.map { RowNumbers.recall(of: answers.rows, truth: $0) })
            if options.json { return try Console.print(json: reply) }
            for row in reply.rows ?? [] {
                Console.print(row.map(String.init).joined(separator: " "))
            }
            Console.note("conductor: \(reply)")
        }

        private static func noGraph(_ base: String) -> Failure {
            Failure(
                code: "NO_GRAPH", message: "\(base): there is no graph, and none can be made yet",
                next: "--method exact", exitCode: .usage)
        }
    }
}
