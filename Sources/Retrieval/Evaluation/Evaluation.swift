internal import Embedding
public import Foundation
public import Store

/// How labelled queries are asked.
public struct Evaluation: Sendable {
    /// Makes vectors, or says why there are none; not asked in lexical mode.
    public var embedder: EmbedderAvailability
    /// How to search.
    public var mode: SearchRequest.Mode
    /// What the fusion is weighted by.
    public var parameters: RankingParameters
    /// Reads what was found first, where given.
    public var reranker: (any Reranker)?

    /// An evaluation with an embedder.
    public init(
        embedder: EmbedderAvailability, mode: SearchRequest.Mode = .auto,
        parameters: RankingParameters = .shipped, reranker: (any Reranker)? = nil
    ) {
        self.embedder = embedder
        self.mode = mode
        self.parameters = parameters
        self.reranker = reranker
    }

    /// Asks the queries of a set, over a memory that is made for it.
    ///
    /// - Parameters:
    ///   - set: documents and judged queries.
    ///   - memory: where the memory is made; it must not exist yet, and the caller removes it.
    ///   - now: the day that freshness is judged by.
    ///   - progress: called often, from any executor.
    /// - Returns: the figures of every query, and what the channels found.
    /// - Throws: `StoreError`, `RetrievalError.embedderUnavailable`, and what the embedder throws.
    public func run(
        _ set: EvaluationSet, at memory: MemoryPaths, now: Date,
        progress: @Sendable (EvaluationProgress) -> Void = { _ in }
    ) async throws -> EvaluationOutcome {
        let start = ContinuousClock.now
        let library = try await EvaluationMemory.build(
            set, at: memory, embedder: embedder, now: now
        ) { progress(.indexing($0)) }
        let names = Dictionary(
            uniqueKeysWithValues: set.documents.enumerated().map {
                (EvaluationMemory.path($0), $1.id)
            })
        let reader = library.writer.reader
        let places = try reader.passagePaths().compactMapValues { names[$0] }
        var outcome = try await ask(
            set.queries, over: reader, memory, documents: places, now: now, progress)
        outcome.run.set = set.name
        outcome.run.notes += set.notes
        outcome.run.documents = set.documents.count
        outcome.run.seconds = (ContinuousClock.now - start) / .seconds(1)
        return outcome
    }

    /// Asks a user's own queries over a memory as it is; nothing is written.
    ///
    /// - Parameters:
    ///   - queries: with the paths that answer them, as the memory stores them.
    ///   - name: what to call them.
    ///   - memory: where the memory lies.
    ///   - now: the day that freshness is judged by.
    ///   - progress: called often, from any executor.
    /// - Returns: the figures of every query, and what the channels found.
    /// - Throws: as `Searcher.search`.
    public func run(
        _ queries: [EvaluationSet.Query], named name: String, over memory: MemoryPaths, now: Date,
        progress: @Sendable (EvaluationProgress) -> Void = { _ in }
    ) async throws -> EvaluationOutcome {
        let start = ContinuousClock.now
        let reader = try MemoryReader(memory)
        let places = try reader.passagePaths()
        var outcome = try await ask(
            queries, over: reader, memory, documents: places, now: now, progress)
        let known = Set(places.values)
        let lost = Set(queries.flatMap(\.grades.keys)).subtracting(known)
        if !lost.isEmpty {
            outcome.run.notes.append(
                "\(lost.count) relevant paths are not in the memory and count as not found: "
                    + lost.sorted().prefix(3).joined(separator: ", "))
        }
        outcome.run.set = name
        outcome.run.documents = known.count
        outcome.run.seconds = (ContinuousClock.now - start) / .seconds(1)
        return outcome
    }

    private func ask(
        _ queries: [EvaluationSet.Query], over reader: MemoryReader, _ memory: MemoryPaths,
        documents: [ChunkID: String], now: Date,
        _ progress: @Sendable (EvaluationProgress) -> Void
    ) async throws -> EvaluationOutcome {
        let searcher = Searcher(
            reader, paths: RootedPaths(root: memory.root), embedder: embedder,
            vectors: PassageVectors(memory), parameters: parameters, reranker: reranker)
        let evaluator = Evaluator(
            searcher: searcher, documents: PassageDocuments(names: documents), mode: mode,
            now: now)
        let answers = try await evaluator.answers(to: queries, progress: progress)
        let usesEmbedder = answers.mode != .lexical
        let reranks = reranker.map {
            "\(answers.rerankedCount) of \(queries.count) queries were reranked by \($0.name)"
        }
        let run = EvaluationRun(
            set: "", mode: answers.mode,
            embedder: usesEmbedder ? embedder.embedder?.fingerprint.rawValue : nil,
            parameters: parameters, documents: 0, chunks: documents.count,
            results: answers.results, degraded: answers.degraded,
            notes: reranks.map { [$0] } ?? [], seconds: 0,
            searchSeconds: answers.seconds)
        return EvaluationOutcome(
            run: run, queries: queries, candidates: answers.candidates,
            documents: evaluator.documents)
    }
}

/// A run together with what tuning needs: the candidates of every channel.
public struct EvaluationOutcome: Sendable {
    /// The figures.
    public internal(set) var run: EvaluationRun
    let queries: [EvaluationSet.Query]
    let candidates: [Candidates]
    let documents: PassageDocuments
}
