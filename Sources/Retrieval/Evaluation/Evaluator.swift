internal import Documents
internal import Foundation
internal import Store

/// Asks the queries of a set and measures the answers.
struct Evaluator: Sendable {
    let searcher: Searcher
    let documents: PassageDocuments
    let mode: SearchRequest.Mode
    /// The day that pages are judged by.
    let now: Date

    /// Passages asked for, so that about a hundred documents are ranked.
    private static let passageLimit = 1000
    /// Documents that are told of for each query.
    private static let shownLimit = 10

    /// What was measured, with what tuning looks at.
    struct Answers: Sendable {
        var results: [QueryResult] = []
        var candidates: [Candidates] = []
        var degraded: [String] = []
        var mode = SearchRequest.Mode.auto
        var rerankedCount = 0
        var seconds = 0.0
    }

    /// Asks every query, one after the other.
    ///
    /// - Throws: as `Searcher.search`; nothing found is not an error.
    @concurrent
    func answers(
        to queries: [EvaluationSet.Query], progress: @Sendable (EvaluationProgress) -> Void
    ) async throws -> Answers {
        var answers = Answers(mode: mode)
        let start = ContinuousClock.now
        for (index, query) in queries.enumerated() {
            progress(.searching(done: index, total: queries.count))
            var request = SearchRequest(query.text)
            request.limit = Self.passageLimit
            request.mode = mode
            let ranking = try await searcher.reranked(
                searcher.ranking(of: request, now: now), request)
            answers.mode = ranking.mode
            if ranking.reranker != nil { answers.rerankedCount += 1 }
            for sentence in ranking.degraded where !answers.degraded.contains(sentence) {
                answers.degraded.append(sentence)
            }
            // What moved depends on the weights that tuning is to find.
            answers.candidates.append(ranking.unmoved)
            answers.results.append(result(query, ranking))
        }
        answers.seconds = (ContinuousClock.now - start) / .seconds(1)
        return answers
    }

    private func result(_ query: EvaluationSet.Query, _ ranking: PassageRanking) -> QueryResult {
        let found = documents.ranked(ranking.matches.map(\.id))
        let channels = ranking.unmoved.rankings.map { channel in
            let found = documents.ranked(channel.matches.map(\.id))
            return (channel.channel, RankingMeasures(ranking: found, grades: query.grades))
        }
        return QueryResult(
            id: query.id, shape: ranking.candidates.shape, kind: query.kind,
            figures: RankingMeasures(ranking: found, grades: query.grades),
            channels: Dictionary(channels) { first, _ in first },
            relevant: query.grades.filter { $0.value > 0 }.keys.sorted(),
            found: Array(found.prefix(Self.shownLimit)))
    }
}

/// The document that each passage belongs to.
struct PassageDocuments: Sendable {
    let names: [ChunkID: String]

    /// The documents of passages, each at the place of its best one.
    func ranked(_ passages: some Sequence<ChunkID>) -> [String] {
        var seen: Set<String> = []
        return passages.compactMap { names[$0] }.filter { seen.insert($0).inserted }
    }
}

/// How far an evaluation has come.
public enum EvaluationProgress: Sendable {
    /// The set's documents are read into a memory.
    case indexing(IndexProgress)
    /// Queries asked.
    case searching(done: Int, total: Int)
}
