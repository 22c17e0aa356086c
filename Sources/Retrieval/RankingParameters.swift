/// How the rankings of several channels become one.
public enum FusionMethod: String, Sendable, Codable, CaseIterable {
    /// Scores brought to one scale, and added by weight.
    case scores
    /// The sum of `weight / (constant + rank)`.
    case reciprocalRanks = "reciprocal_ranks"
}

/// What the fusion of channels is weighted by.
///
/// `eval --tune` searches these values; `shipped` holds those that searches use.
public struct RankingParameters: Sendable, Hashable, Codable {
    /// How rankings become one.
    public var method: FusionMethod
    /// How much each channel counts for a shape of query; one that is not named counts nothing.
    public var weights: [QueryShape: [SearchChannel: Double]]
    /// What reciprocal ranks add to every rank: the greater it is, the less the first places stand out.
    public var rankConstant: Double

    /// Parameters, field by field.
    public init(
        weights: [QueryShape: [SearchChannel: Double]], method: FusionMethod = .scores,
        rankConstant: Double = 60
    ) {
        self.method = method
        self.weights = weights
        self.rankConstant = rankConstant
    }

    /// What searches use.
    ///
    /// Words and headings count the same for prose, alerts and log lines, and so does what both
    /// embedders say together. A name says itself: an encoder has hardly seen it, but its letters tell
    /// it in spite of a typo. Letters do harm to prose, and stay out. Benchmarks/README.md holds the
    /// figures behind these weights.
    public static let shipped = RankingParameters(weights: [
        .prose: [.lexical: 1, .dense: 0.7, .staticDense: 0.25, .heading: 1],
        .alert: [.lexical: 1, .dense: 0.7, .staticDense: 0.25, .heading: 1],
        .logLine: [.lexical: 1, .dense: 0.7, .staticDense: 0.25, .heading: 1],
        .identifier: [.lexical: 1, .name: 1, .dense: 0.25, .heading: 1],
        .promql: [.lexical: 1, .name: 0.5, .dense: 0.25, .heading: 1],
        .stackTrace: [.lexical: 1, .name: 0.5, .dense: 0.5, .heading: 1],
        .command: [.lexical: 1, .dense: 0.5, .heading: 1],
        .errorCode: [.lexical: 2, .dense: 0.5, .heading: 1],
    ])

    /// How much a channel counts for a shape of query; 0 leaves it out.
    public subscript(channel: SearchChannel, shape: QueryShape) -> Double {
        get { weights[shape]?[channel] ?? 0 }
        set { weights[shape, default: [:]][channel] = newValue }
    }
}

extension QueryShape: CodingKeyRepresentable {}
extension SearchChannel: CodingKeyRepresentable {}
