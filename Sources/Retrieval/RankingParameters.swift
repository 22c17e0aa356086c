/// What the fusion of channels is weighted by.
///
/// `eval --tune` searches these values; `shipped` holds those that searches use.
public struct RankingParameters: Sendable, Hashable, Codable {
    /// How much each channel counts for a shape of query; one that is not named counts nothing.
    public var weights: [QueryShape: [SearchChannel: Double]]
    /// What is added to every rank: the greater it is, the less the first places stand out.
    public var rankConstant: Double

    /// Parameters, field by field.
    public init(weights: [QueryShape: [SearchChannel: Double]], rankConstant: Double = 60) {
        self.weights = weights
        self.rankConstant = rankConstant
    }

    /// What searches use.
    ///
    /// Words count twice what a small sentence encoder does, and more for a name, which an encoder
    /// has hardly seen.
    public static let shipped = RankingParameters(weights: [
        .prose: [.lexical: 2, .dense: 1],
        .identifier: [.lexical: 4, .dense: 1],
    ])

    /// How much a channel counts for a shape of query; 0 leaves it out.
    public subscript(channel: SearchChannel, shape: QueryShape) -> Double {
        get { weights[shape]?[channel] ?? 0 }
        set { weights[shape, default: [:]][channel] = newValue }
    }
}

extension QueryShape: CodingKeyRepresentable {}
extension SearchChannel: CodingKeyRepresentable {}
