import Foundation
import Retrieval
import Store
import TestSupport

/// A set in BEIR's layout in a folder of its own, and what it takes to run it.
struct SmallSet {
    let folder: TemporaryFolder

    /// Files as they are.
    init(corpus: [String], queries: [String], judgements: [String]) throws {
        folder = try TemporaryFolder()
        try folder.write(corpus.joined(separator: "\n") + "\n", to: "set/corpus.jsonl")
        try folder.write(queries.joined(separator: "\n") + "\n", to: "set/queries.jsonl")
        let lines = ["query-id\tcorpus-id\tscore"] + judgements
        try folder.write(lines.joined(separator: "\n") + "\n", to: "set/qrels.tsv")
    }

    /// Three pages, one of which is long, and three queries.
    static func pages() throws -> SmallSet {
        let filler = String(repeating: "Something else is told of here. ", count: 60)
        let long = "# Ovens\\n\\n\(filler)\\n\\n## Lamps\\n\\n\(filler) The lantern flickers.\\n"
        return try SmallSet(
            corpus: [
                #"{"_id": "lantern", "title": "", "text": "\#(long)"}"#,
                #"{"_id": "b", "title": "Kettles", "text": "Water boils.\n\nThen it is poured."}"#,
                #"{"_id": "c", "title": "Marmalade", "text": " ", "extra": [1]}"#,
            ],
            queries: [
                #"{"_id": "1", "text": "lantern flickers", "metadata": {}}"#,
                #"{"_id": "2", "text": "kettles"}"#,
                #"{"_id": "3", "text": "marmalade"}"#,
                #"{"_id": "4", "text": "nobody has judged this"}"#,
            ],
            judgements: ["1\tlantern\t1", "2\tb\t2", "3\tc\t1", "3\tb\t0"])
    }

    func read() throws -> EvaluationSet { try EvaluationSet(folder: folder.path + "/set") }

    func run(
        _ embedder: EmbedderAvailability = MemoryRoom.hashing,
        mode: SearchRequest.Mode = .auto, parameters: RankingParameters = .shipped
    ) async throws -> EvaluationOutcome {
        let scratch = try TemporaryFolder()
        return try await Evaluation(embedder: embedder, mode: mode, parameters: parameters).run(
            read(), at: MemoryPaths(root: scratch.path + "/root"), now: MemoryRoom.now)
    }
}
