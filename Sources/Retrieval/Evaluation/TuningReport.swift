/// What tuning found, and whether it is worth anything.
public struct TuningReport: Sendable, Encodable {
    /// A value that was turned.
    public struct Knob: Sendable, Equatable, Codable {
        /// What it is.
        public let name: String
        /// What searches use.
        public let shipped: Double
        /// What suits all queries best.
        public let best: Double
        /// What suited each fold's queries best; where these differ much, the value is not known.
        public let folds: [Double]
    }

    /// The mean nDCG@10 that the shipped parameters reach; each set counts the same.
    public let shippedScore: Double
    /// The mean that tuned ones reach on queries that they were not tuned on.
    public let heldOutScore: Double
    /// Held-out queries with tuned parameters against the shipped ones.
    public let comparison: PairedComparison
    /// What suits all queries best.
    public let best: RankingParameters
    /// Every value that was turned.
    public let knobs: [Knob]

    enum CodingKeys: String, CodingKey {
        case comparison, best, knobs, verdict
        case shippedScore = "shipped_ndcg@10"
        case heldOutScore = "held_out_ndcg@10"
    }

    /// The parameters to use: the best ones, or the shipped ones where the gain may be noise.
    public func chosen(over shipped: RankingParameters) -> RankingParameters {
        comparison.verdict == .better ? best : shipped
    }

    /// One sentence for people.
    public var verdict: String {
        if knobs.isEmpty { return "nothing to tune: one channel, or too few queries of a shape" }
        switch comparison.verdict {
        case .better: return "tuned parameters are better on queries they were not tuned on"
        case .noise: return "no difference beyond noise; the shipped parameters stay"
        case .worse: return "tuned parameters are worse on queries they were not tuned on"
        }
    }

    /// The fields and the verdict.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(shippedScore, forKey: .shippedScore)
        try container.encode(heldOutScore, forKey: .heldOutScore)
        try container.encode(comparison, forKey: .comparison)
        try container.encode(best, forKey: .best)
        try container.encode(knobs, forKey: .knobs)
        try container.encode(verdict, forKey: .verdict)
    }
}

extension TuningReport {
    private static let foldCount = 5

    /// Tunes on four fifths of the queries and measures on the last, five times over.
    ///
    /// - Parameters:
    ///   - outcomes: one for each set; a set counts as much as another, however large.
    ///   - shipped: what is compared with.
    ///   - seed: of the folds and of the resampling.
    /// - Returns: the parameters that suit best, and whether that is more than noise.
    /// - Complexity: settings tried · queries · candidates; about a second for a few hundred queries.
    @concurrent
    public static func tuning(
        _ outcomes: [EvaluationOutcome], shipped: RankingParameters, seed: UInt64 = 1
    ) async -> TuningReport {
        var tuner = FusionTuner(outcomes, shipped: shipped)
        var numbers = SeededNumbers(seed: seed)
        var folds: [[Int]] = Array(repeating: [], count: foldCount)
        // Dealt set by set and shape by shape, so that every fold has some of each.
        let shuffled = tuner.questions.indices.shuffled(using: &numbers)
        let order = shuffled.sorted { left, right in
            let (left, right) = (tuner.questions[left], tuner.questions[right])
            return (left.weight, left.candidates.shape.rawValue)
                < (right.weight, right.candidates.shape.rawValue)
        }
        for (place, question) in order.enumerated() { folds[place % foldCount].append(question) }
        let base = tuner.scores(shipped)
        var heldOut = base
        var fits: [RankingParameters] = []
        for fold in folds {
            let inside = Set(fold)
            let fit = tuner.fitted(to: tuner.questions.indices.filter { !inside.contains($0) })
            let scores = tuner.scores(fit)
            for question in fold { heldOut[question] = scores[question] }
            fits.append(fit)
        }
        let best = tuner.fitted(to: Array(tuner.questions.indices))
        let weights = tuner.questions.map(\.weight)
        func mean(_ scores: [Double]) -> Double {
            Sample(zip(scores, weights).map(*)).mean
        }
        return TuningReport(
            shippedScore: mean(base), heldOutScore: mean(heldOut),
            comparison: PairedComparison(
                differences: weights.indices.map { (heldOut[$0] - base[$0]) * weights[$0] },
                seed: seed),
            best: best,
            knobs: tuner.knobs.map { knob in
                Knob(
                    name: knob.name, shipped: shipped[knob], best: best[knob],
                    folds: fits.map { $0[knob] })
            })
    }
}
