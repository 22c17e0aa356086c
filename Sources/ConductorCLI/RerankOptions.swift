import ArgumentParser
import ModelClients
import Orchestration
import Retrieval

/// A language model that reads the first hits and puts them into a better order.
struct RerankOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let a model put the first 20 hits in order (12,000 tokens of them at most): claude:MODEL, ollama:MODEL, primary or secondary.",
            discussion: """
                The query and the passages are sent to it, without their secrets; what is sent where \
                is told. Where it gives no order the search's own stands, and the reply says so.
                """))
    var rerank: String?
    @Option(help: "The most seconds that --rerank may take, for a query.")
    var deadline = 60

    func validate() throws {
        guard (1...86_400).contains(deadline) else {
            throw ValidationError("--deadline takes 1 to 86400 seconds.")
        }
        switch rerank.map(PlannerChoice.init) {
        case nil, .primary, .secondary: break
        case .model(let name) where ModelCatalog.knows(name): break
        default:
            throw ValidationError(
                "--rerank takes primary, secondary, claude:MODEL or ollama:MODEL.")
        }
    }

    /// Refuses a mode whose order no model may change, and tuning, which looks at channels alone.
    func check(_ mode: SearchRequest.Mode, isTuning: Bool = false) throws {
        if rerank != nil, isTuning {
            throw ValidationError("--tune looks at the channels alone; leave --rerank out.")
        }
        if rerank != nil, mode == .dense {
            throw ValidationError("--mode dense is bare vector order; --rerank would change it.")
        }
    }

    /// The reranker, where one is asked for.
    func reranker(
        _ settings: @autoclosure () throws -> Settings, _ console: PlanningConsole
    ) throws -> (any Reranker)? {
        guard let rerank else { return nil }
        return try settings().reranker(PlannerChoice(rerank), within: .seconds(deadline)) {
            console.show($0)
        }
    }
}
