internal import Store

/// Fusion of scores: the mean over channels, by weight, of scores brought to one scale.
///
/// A passage that a channel did not find has the lowest score there. A channel of weight 0 brings
/// nothing in. Equal scores are ordered by id, so the result does not depend on the channels' order.
/// - Complexity: O(matches · log matches).
/// - Source: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 42
///   (2023), with their theoretical minimum for words and the observed one for vectors.
package func scoreFusion(
    _ rankings: [ChannelRanking], weight: (SearchChannel) -> Double
) -> [FusedMatch] {
    let counted = rankings.filter { weight($0.channel) > 0 }
    let total = counted.reduce(0) { $0 + weight($1.channel) }
    var sums = FusionSums()
    for ranking in counted {
        let share = weight(ranking.channel) / total
        let scale = ScoreScale(of: ranking)
        for (index, match) in ranking.matches.enumerated() {
            sums.add(
                share * scale.value(of: match.score), for: match, rank: index + 1,
                in: ranking.channel)
        }
    }
    return sums.ranked()
}

/// What brings one channel's scores to the range from 0 to 1.
private struct ScoreScale {
    private let lowest: Double
    private let highest: Double

    /// The match at which a scale begins that has no point of its own, however many were asked for.
    private static let depth = 100

    /// Words that do not match have BM25's 0.
    ///
    /// Inner products have no such point: there the scale
    /// begins at the last of the first hundred. What is covered of a heading is a part already.
    init(of ranking: ChannelRanking) {
        let scores = ranking.matches.map(\.score)
        switch ranking.channel {
        case .heading: (lowest, highest) = (0, 1)
        case .lexical, .name: (lowest, highest) = (0, scores.first ?? 0)
        case .dense, .staticDense:
            (lowest, highest) = (scores.prefix(Self.depth).last ?? 0, scores.first ?? 0)
        }
    }

    func value(of score: Double) -> Double {
        highest > lowest ? max(0, (score - lowest) / (highest - lowest)) : 1
    }
}
