package import Store

/// One channel's ranking of passages, best first.
package struct ChannelRanking: Sendable {
    let channel: SearchChannel
    let matches: [ScoredChunk]

    /// A channel with what it found, best first.
    package init(channel: SearchChannel, matches: [ScoredChunk]) {
        self.channel = channel
        self.matches = matches
    }
}

/// What the channels found for a query, before fusion.
struct Candidates: Sendable {
    let shape: QueryShape
    let rankings: [ChannelRanking]

    /// How many of each channel are fused first.
    static let depth = 100

    /// The arrow from candidates to one ranking; pure, so that it can be tried with other parameters.
    ///
    /// What lies deeper than `depth` in every channel follows behind, so that the first places do
    /// not depend on how much was asked for. A single channel keeps its own scores.
    func fused(with parameters: RankingParameters) -> [FusedMatch] {
        guard rankings.count != 1 else { return rankings[0].alone }
        func fuse(_ rankings: [ChannelRanking]) -> [FusedMatch] {
            switch parameters.method {
            case .scores: scoreFusion(rankings) { parameters[$0, shape] }
            case .reciprocalRanks:
                reciprocalRankFusion(rankings, constant: parameters.rankConstant) {
                    parameters[$0, shape]
                }
            }
        }
        let first = fuse(prefix(Self.depth).rankings)
        guard rankings.contains(where: { $0.matches.count > Self.depth }) else { return first }
        let known = Set(first.map(\.id))
        return first + fuse(rankings).filter { !known.contains($0.id) }
    }

    /// How many of the fused passages, from the first, do not depend on how much was asked for.
    func headCount(of fused: [FusedMatch], with parameters: RankingParameters) -> Int {
        guard rankings.contains(where: { $0.matches.count > Self.depth }) else {
            return fused.count
        }
        let counted = rankings.filter { rankings.count == 1 || parameters[$0.channel, shape] > 0 }
        let ids = Set(counted.flatMap { $0.matches.prefix(Self.depth).map(\.id) })
        return fused.prefix { ids.contains($0.id) }.count
    }

    /// The best of each channel; headings are looked at of these only, and stay whole.
    func prefix(_ count: Int) -> Candidates {
        Candidates(
            shape: shape,
            rankings: rankings.map {
                $0.channel == .heading
                    ? $0
                    : ChannelRanking(channel: $0.channel, matches: Array($0.matches.prefix(count)))
            })
    }
}

extension ChannelRanking {
    /// The ranking as it is, with the channel's own scores.
    var alone: [FusedMatch] {
        matches.enumerated().map { index, match in
            var channels = ChannelScores()
            channels[channel] = ChannelScore(rank: index + 1, score: match.score)
            return FusedMatch(id: match.id, score: match.score, channels: channels)
        }
    }
}

/// A way of finding passages.
public enum SearchChannel: String, Sendable, Codable, CaseIterable {
    /// Words, by BM25.
    case lexical
    /// Names by their letters, so that a typo does no harm.
    case name
    /// Meaning, by the inner product of unit vectors.
    case dense
    /// A second opinion on meaning: a table of token vectors, blind to the order of words.
    case staticDense = "static"
    /// How much of a passage's headings the query holds; looks at what other channels found.
    case heading
}

/// A channel's part in a hit.
public struct ChannelScore: Sendable, Equatable, Codable {
    /// The hit's place in this channel, from 1.
    public let rank: Int
    /// The channel's own score; greater is nearer.
    public let score: Double
}

/// A passage with its place in the fused ranking.
package struct FusedMatch: Sendable, Equatable {
    /// The passage.
    package let id: ChunkID
    /// Greater is nearer.
    package fileprivate(set) var score: Double
    fileprivate(set) var channels: ChannelScores
}

/// The parts of the channels in a hit, in one place: a search makes hundreds of these.
struct ChannelScores: Sendable, Equatable {
    /// From 1; 0 where a channel did not find the hit.
    private var ranks = SIMD8<Int32>()
    private var scores = SIMD8<Double>()

    /// Nil where the channel did not find the hit.
    subscript(channel: SearchChannel) -> ChannelScore? {
        get {
            let place = channel.place
            guard ranks[place] > 0 else { return nil }
            return ChannelScore(rank: Int(ranks[place]), score: scores[place])
        }
        set {
            let place = channel.place
            ranks[place] = Int32(clamping: newValue?.rank ?? 0)
            scores[place] = newValue?.score ?? 0
        }
    }

    /// By the channels' names.
    var named: [String: ChannelScore] {
        var named: [String: ChannelScore] = [:]
        for channel in SearchChannel.allCases { named[channel.rawValue] = self[channel] }
        return named
    }
}

extension SearchChannel {
    fileprivate var place: Int {
        switch self {
        case .lexical: 0
        case .name: 1
        case .dense: 2
        case .staticDense: 3
        case .heading: 4
        }
    }
}

/// What channels bring in for each passage, summed up in their order.
struct FusionSums {
    private var matches: [FusedMatch] = []
    private var places: [ChunkID: Int] = [:]

    /// Adds what a channel brings in for a match.
    mutating func add(_ part: Double, for match: ScoredChunk, rank: Int, in channel: SearchChannel)
    {
        var place = matches.count
        if let known = places[match.id] {
            place = known
        } else {
            places[match.id] = place
            matches.append(FusedMatch(id: match.id, score: 0, channels: ChannelScores()))
        }
        matches[place].score += part
        matches[place].channels[channel] = ChannelScore(rank: rank, score: match.score)
    }

    /// The passages, best first; equal ones by id.
    func ranked() -> [FusedMatch] {
        matches.sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
    }
}

/// Reciprocal rank fusion: the sum over channels of `weight / (constant + rank)`.
///
/// A channel of weight 0 brings nothing in. Equal scores are ordered by id, so the result does not depend on the channels' order.
/// - Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009.
func reciprocalRankFusion(
    _ rankings: [ChannelRanking], constant: Double, weight: (SearchChannel) -> Double
) -> [FusedMatch] {
    var sums = FusionSums()
    for ranking in rankings {
        let weight = weight(ranking.channel)
        guard weight > 0 else { continue }
        for (index, match) in ranking.matches.enumerated() {
            sums.add(
                weight / (constant + Double(index + 1)), for: match, rank: index + 1,
                in: ranking.channel)
        }
    }
    return sums.ranked()
}
