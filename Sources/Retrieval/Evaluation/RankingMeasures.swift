internal import Foundation

/// How well a ranking of documents answers a query; every figure lies between 0 and 1.
public struct RankingMeasures: Sendable, Equatable, Codable {
    /// Discounted gain of the first ten over that of the best possible ten; gain is the grade.
    public var ndcgAt10: Double
    /// One over the place of the first relevant document, 0 where it is not among the first ten.
    public var mrrAt10: Double
    /// The part of the relevant documents that comes first.
    public var recallAt1: Double
    /// The part of the relevant documents among the first five.
    public var recallAt5: Double
    /// The part of the relevant documents among the first ten.
    public var recallAt10: Double
    /// The part of the relevant documents among the first hundred.
    public var recallAt100: Double

    enum CodingKeys: String, CodingKey {
        case ndcgAt10 = "ndcg@10"
        case mrrAt10 = "mrr@10"
        case recallAt1 = "recall@1"
        case recallAt5 = "recall@5"
        case recallAt10 = "recall@10"
        case recallAt100 = "recall@100"
    }

    /// Every figure, in the order of a table.
    static let figures: [any WritableKeyPath<RankingMeasures, Double> & Sendable] = [
        \.ndcgAt10, \.mrrAt10, \.recallAt1, \.recallAt5, \.recallAt10, \.recallAt100,
    ]

    /// Nothing found.
    public static let zero = RankingMeasures(
        ndcgAt10: 0, mrrAt10: 0, recallAt1: 0, recallAt5: 0, recallAt10: 0, recallAt100: 0)
}

extension RankingMeasures {
    /// The figures of one query.
    ///
    /// - Parameters:
    ///   - ranking: documents, best first, each once.
    ///   - grades: the judged documents; a grade of 0 or less is not relevant.
    /// - Precondition: a document with a grade above 0.
    /// - Complexity: O(ranking + judged · log judged).
    /// - Source: Järvelin and Kekäläinen, TOIS 20 (2002), discount `1 / log2(rank + 1)`; the gain is
    ///   linear, as trec_eval's `ndcg_cut` has it.
    public init(ranking: [String], grades: [String: Int]) {
        let relevant = grades.filter { $0.value > 0 }
        precondition(!relevant.isEmpty, "a query without a relevant document has no measures")
        func gain(_ grades: some Sequence<Int>) -> Double {
            grades.enumerated().reduce(0) { $0 + Double($1.element) / log2(Double($1.offset + 2)) }
        }
        func recall(_ count: Int) -> Double {
            Double(ranking.prefix(count).count { relevant[$0] != nil }) / Double(relevant.count)
        }
        let ideal = gain(relevant.values.sorted(by: >).prefix(10))
        let first = ranking.prefix(10).firstIndex { relevant[$0] != nil }
        self.init(
            ndcgAt10: gain(ranking.prefix(10).map { relevant[$0] ?? 0 }) / ideal,
            mrrAt10: first.map { 1 / Double($0 + 1) } ?? 0,
            recallAt1: recall(1), recallAt5: recall(5), recallAt10: recall(10),
            recallAt100: recall(100))
    }
}

/// The mean of figures over queries, and how far it may be off.
public struct MeanMeasures: Sendable, Equatable {
    /// The number of queries.
    public let queryCount: Int
    /// The mean of each figure; 0 without queries.
    public let mean: RankingMeasures
    /// The standard error of each mean; nil for fewer than two queries.
    public let standardError: RankingMeasures?

    /// The mean over queries.
    public init(_ measures: [RankingMeasures]) {
        queryCount = measures.count
        var (mean, error) = (RankingMeasures.zero, RankingMeasures.zero)
        for figure in RankingMeasures.figures {
            let sample = Sample(measures.map { $0[keyPath: figure] })
            mean[keyPath: figure] = sample.mean
            error[keyPath: figure] = sample.standardError ?? 0
        }
        self.mean = mean
        standardError = measures.count > 1 ? error : nil
    }
}

/// The mean of some numbers and its standard error.
struct Sample: Sendable, Equatable {
    /// 0 without numbers.
    let mean: Double
    /// By the sample's own deviation; nil for fewer than two numbers.
    let standardError: Double?

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.isEmpty ? 0 : values.reduce(0, +) / count
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardError = values.count > 1 ? (squares / (count - 1) / count).squareRoot() : nil
    }
}
