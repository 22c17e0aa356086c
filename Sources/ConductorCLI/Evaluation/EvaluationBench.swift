import Embedding
import Foundation
import Retrieval
import Store

/// Opens what an evaluation needs, and runs it.
struct EvaluationBench {
    let embedderID: String?
    let mode: SearchRequest.Mode
    let parameters: RankingParameters
    let reranker: (any Reranker)?

    /// Asks a set in BEIR's layout, over a memory that is made and removed.
    func run(set folder: String) async throws -> EvaluationOutcome {
        let set = try EvaluationSet(folder: folder)
        let evaluation = Evaluation(
            embedder: try await cachedEmbedder(), mode: mode, parameters: parameters,
            reranker: reranker)
        let bar = ProgressBar()
        defer { bar.finish() }
        return try await ScratchFolder.with("eval") { root in
            try await evaluation.run(set, at: MemoryPaths(root: root), now: .now) { bar.show($0) }
        }
    }

    /// Asks labelled queries over the current memory.
    func run(queries path: String, _ settings: Settings) async throws -> EvaluationOutcome {
        let queries = try LabelledQueries.read(path)
        let evaluation = Evaluation(
            embedder: try await memoryEmbedder(settings), mode: mode, parameters: parameters,
            reranker: reranker)
        let bar = ProgressBar()
        defer { bar.finish() }
        return try await evaluation.run(
            queries, named: URL(filePath: path).lastPathComponent,
            over: settings.memory, now: .now
        ) { bar.show($0) }
    }

    /// The embedder of a set's documents, over the cache of its vectors.
    private func cachedEmbedder() async throws -> EmbedderAvailability {
        guard mode != .lexical else { return .unavailable(reason: "words alone were asked for") }
        let installation = Installation()
        do {
            let found = try await installation.embedders(
                named: embedderID ?? LocalModels.defaultName)
            return try found.caching { try installation.cache(of: $0) }
        } catch let error as EmbeddingError where embedderID == nil {
            return .unavailable(reason: error.reason)
        }
    }

    private func memoryEmbedder(_ settings: Settings) async throws -> EmbedderAvailability {
        guard mode != .lexical else { return .unavailable(reason: "words alone were asked for") }
        guard let embedderID else { return try await settings.embedder() }
        return try await settings.installation.embedders(named: embedderID)
    }
}

extension Installation {
    /// The vectors that evaluations have made with an embedder.
    func cache(of embedder: any Embedder) throws -> EmbeddingCache {
        let name = embedder.fingerprint.rawValue.map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
        }
        return try EmbeddingCache(path: "\(cache)/eval/\(String(name)).sqlite")
    }
}

extension ProgressBar {
    /// Draws the bar of an evaluation.
    func show(_ progress: EvaluationProgress) {
        switch progress {
        case .indexing(let progress): show(progress)
        case .searching(let done, let total): show("searching", done: done, total: total)
        }
    }
}
