/// A value that tuning may turn.
enum TuningKnob: Sendable, Hashable {
    /// How much a channel counts for a shape of query, against the channel that is held.
    case weight(SearchChannel, QueryShape)
    /// `RankingParameters.rankConstant`.
    case rankConstant

    var name: String {
        switch self {
        case .weight(let channel, let shape): "\(shape.rawValue).\(channel.rawValue)"
        case .rankConstant: "rank_constant"
        }
    }

    /// What is tried; few values, far enough apart to tell.
    func values(held: Double) -> [Double] {
        switch self {
        case .weight: [0, 0.125, 0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 8].map { $0 * held }
        case .rankConstant: [5, 10, 20, 40, 60, 100]
        }
    }

    /// The shape whose queries alone it changes; nil for all.
    var shape: QueryShape? {
        guard case .weight(_, let shape) = self else { return nil }
        return shape
    }
}

extension RankingParameters {
    subscript(knob: TuningKnob) -> Double {
        get {
            switch knob {
            case .weight(let channel, let shape): self[channel, shape]
            case .rankConstant: rankConstant
            }
        }
        set {
            switch knob {
            case .weight(let channel, let shape): self[channel, shape] = newValue
            case .rankConstant: rankConstant = newValue
            }
        }
    }
}
