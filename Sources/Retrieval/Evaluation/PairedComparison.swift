/// Whether a difference over the same queries is more than chance.
public struct PairedComparison: Sendable, Equatable {
    /// What a comparison says.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// The second is better.
        case better
        /// The second is worse.
        case worse
        /// No difference beyond noise.
        case noise
    }

    /// The number of queries.
    public let queryCount: Int
    /// The mean of second minus first.
    public let difference: Double
    /// The 95 % interval of that mean, over resamples of the queries.
    public let interval: ClosedRange<Double>
    /// How often chance alone gives a difference as large: every query's sign is tossed.
    public let chance: Double
    /// Queries that the second answers better.
    public let gains: Int
    /// Queries that the second answers worse.
    public let losses: Int

    /// Better or worse only where the interval leaves 0 out and chance gives it once in twenty.
    ///
    /// The interval alone is too sure of itself with a handful of queries.
    public var verdict: Verdict {
        guard !interval.contains(0), chance <= 0.05 else { return .noise }
        return difference > 0 ? .better : .worse
    }

    /// A comparison by the differences of each query.
    ///
    /// Equal arguments give equal results.
    ///
    /// - Parameters:
    ///   - differences: second minus first, a query each; none gives no difference.
    ///   - seed: of the resampling.
    ///   - rounds: resamples, and tosses of the signs.
    /// - Complexity: O(rounds · queries).
    /// - Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, percentile interval;
    ///   Smucker, Allan and Carterette, CIKM 2007, randomisation test.
    public init(differences: [Double], seed: UInt64 = 1, rounds: Int = 10_000) {
        let count = differences.count
        let mean = Sample(differences).mean
        queryCount = count
        difference = mean
        gains = differences.count { $0 > 0 }
        losses = differences.count { $0 < 0 }
        guard count > 0 else {
            (interval, chance) = (0...0, 1)
            return
        }
        var numbers = SeededNumbers(seed: seed)
        let means = (0..<rounds).map { _ in
            (0..<count).reduce(0.0) { sum, _ in
                sum + differences[Int(numbers.next() % UInt64(count))]
            } / Double(count)
        }.sorted()
        interval = means[rounds * 25 / 1000]...means[rounds - 1 - rounds * 25 / 1000]
        // A hair's breadth, so that the sum in another order still counts as large.
        let least = abs(mean) - 1e-12
        let asLarge = (0..<rounds).count { _ in
            var bits: UInt64 = 0
            var sum = 0.0
            for (index, value) in differences.enumerated() {
                if index % 64 == 0 { bits = numbers.next() }
                sum += bits & 1 == 0 ? value : -value
                bits >>= 1
            }
            return abs(sum / Double(count)) >= least
        }
        chance = Double(asLarge + 1) / Double(rounds + 1)
    }
}

extension PairedComparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case queries, difference, low, high, chance, gains, losses, verdict
    }

    /// The fields, the interval as `low` and `high`, and the verdict.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(queryCount, forKey: .queries)
        try container.encode(difference, forKey: .difference)
        try container.encode(interval.lowerBound, forKey: .low)
        try container.encode(interval.upperBound, forKey: .high)
        try container.encode(chance, forKey: .chance)
        try container.encode(gains, forKey: .gains)
        try container.encode(losses, forKey: .losses)
        try container.encode(verdict, forKey: .verdict)
    }
}

/// Numbers that are the same for the same seed.
///
/// - Source: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
