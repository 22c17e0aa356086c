public import ArgumentParser
import Foundation
public import Retrieval
import Store

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find passages by meaning and by name; every hit is cited to its lines.",
        discussion: """
            A query is searched as what it looks like: prose, a name, an alert, PromQL, a log line, \
            a stack trace, a command or an error code. Exit code 1 means that nothing matched.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var subject: SearchSubject
    @Option(name: [.customShort("n"), .long], help: "The most hits.")
    var limit = 10
    @Option(help: "auto, hybrid, lexical or dense.")
    var mode = SearchRequest.Mode.auto
    @OptionGroup(title: "Filters") var filters: SearchFilters
    @Option(help: "How many passages before and behind each hit are told too.")
    var neighbours = 0
    @OptionGroup(title: "Reranking") var reranking: RerankOptions
    @Flag(help: "Tell the query's parts, and each channel's part in every hit.")
    var explain = false
    @Flag(help: "Fail rather than answer with less than was asked for.")
    var strict = false
    @Flag(help: "Print one JSON object a hit.")
    var jsonl = false

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit takes 1 to 200.") }
        guard (0...20).contains(neighbours) else {
            throw ValidationError("--neighbours takes 0 to 20.")
        }
        try reranking.check(mode)
    }

    func run() async throws {
        let settings = try Settings(options)
        let console = PlanningConsole()
        let searcher = Searcher(
            try MemoryReader(settings.memory), paths: settings.paths,
            embedder: try await settings.embedder(), vectors: PassageVectors(settings.memory),
            reranker: try reranking.reranker(settings, console))
        var request = try subject.request()
        request.limit = limit
        request.mode = mode
        filters.apply(to: &request)
        request.neighbours = neighbours
        request.explains = explain
        request.isStrict = strict
        let reply: SearchReply
        do {
            defer { console.finish() }
            reply = try await searcher.search(request, now: .now)
        }
        if options.json {
            try Console.print(json: reply)
        } else if jsonl {
            for hit in reply.hits { try Console.print(json: hit) }
        } else {
            SearchPage(reply).print()
        }
        if reply.hits.isEmpty { throw ExitCode(1) }
    }
}

extension SearchRequest.Mode: ExpressibleByArgument {}
