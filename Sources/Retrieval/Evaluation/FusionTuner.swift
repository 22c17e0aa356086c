internal import Store

/// Searches the fusion's parameters over queries whose candidates are known.
///
/// The channels are asked once; every setting only fuses anew, as deep as a search does.
struct FusionTuner {
    /// A query's candidates with what it takes to measure their fusion.
    struct Question: Sendable {
        let candidates: Candidates
        let grades: [String: Int]
        let documents: PassageDocuments
        /// Its part in the objective: the same for every set, however many queries a set has.
        let weight: Double
    }

    let questions: [Question]
    let shipped: RankingParameters
    /// nDCG@10 of every question by parameters, so that folds share what they try.
    private var known: [RankingParameters: [Double]] = [:]

    /// A shape with fewer queries keeps its weights.
    private static let fewestQueries = 20
    private static let passes = 2

    init(_ outcomes: [EvaluationOutcome], shipped: RankingParameters) {
        let total = Double(outcomes.reduce(0) { $0 + $1.queries.count })
        questions = outcomes.flatMap { outcome in
            let weight = total / Double(outcomes.count) / Double(outcome.queries.count)
            return zip(outcome.queries, outcome.candidates).map { query, candidates in
                Question(
                    candidates: candidates.prefix(Candidates.depth), grades: query.grades,
                    documents: outcome.documents, weight: weight)
            }
        }
        self.shipped = shipped
    }

    /// What may be turned: of each shape with enough queries, every channel's weight but one, which is
    /// held, since only ratios count; and the constant of ranks, where ranks are fused.
    var knobs: [TuningKnob] {
        var knobs: [TuningKnob] = []
        for shape in QueryShape.allCases {
            let asked = questions.count { $0.candidates.shape == shape }
            guard asked >= Self.fewestQueries, let held = held(shape) else { continue }
            knobs += channels(shape).filter { $0 != held }.map { .weight($0, shape) }
        }
        guard shipped.method == .reciprocalRanks, !knobs.isEmpty else { return knobs }
        return knobs + [.rankConstant]
    }

    /// The channels that were asked for a shape of query.
    private func channels(_ shape: QueryShape) -> [SearchChannel] {
        let asked = questions.filter { $0.candidates.shape == shape }
        let found = Set(asked.flatMap { $0.candidates.rankings.map(\.channel) })
        return SearchChannel.allCases.filter { found.contains($0) }
    }

    /// The channel whose weight stays: the first that has one.
    private func held(_ shape: QueryShape) -> SearchChannel? {
        channels(shape).first { shipped[$0, shape] > 0 }
    }

    /// The nDCG@10 of every question under some parameters.
    mutating func scores(_ parameters: RankingParameters) -> [Double] {
        if let scores = known[parameters] { return scores }
        let scores = questions.map { question in
            let fused = question.candidates.fused(with: parameters)
            let found = question.documents.ranked(fused.lazy.map(\.id))
            return RankingMeasures(ranking: found, grades: question.grades).ndcgAt10
        }
        known[parameters] = scores
        return scores
    }

    /// The parameters that suit some of the questions best, one knob after the other.
    ///
    /// A value replaces another only where it is better; so what makes no difference stays.
    mutating func fitted(to chosen: [Int]) -> RankingParameters {
        var best = shipped
        var bestScore = mean(best, over: chosen)
        let settings = knobs.map { ($0, $0.values(held: heldWeight(for: $0))) }
        for _ in 0..<Self.passes {
            let before = best
            for (knob, values) in settings {
                for value in values {
                    var parameters = best
                    parameters[knob] = value
                    let score = mean(parameters, over: chosen)
                    if score > bestScore + 1e-9 { (best, bestScore) = (parameters, score) }
                }
            }
            if best == before { break }
        }
        return best
    }

    private mutating func mean(_ parameters: RankingParameters, over chosen: [Int]) -> Double {
        let scores = scores(parameters)
        let total = chosen.reduce(0) { $0 + scores[$1] * questions[$1].weight }
        return total / chosen.reduce(0) { $0 + questions[$1].weight }
    }

    /// The weight that a knob's values are multiples of.
    private func heldWeight(for knob: TuningKnob) -> Double {
        guard let shape = knob.shape, let channel = held(shape) else { return 1 }
        return shipped[channel, shape]
    }
}
