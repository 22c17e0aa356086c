import Foundation
import Retrieval
import Testing

/// Measures against values worked by hand.
@Suite struct RankingMeasuresTests {
    static func isNear(_ value: Double?, _ expected: Double) -> Bool {
        abs((value ?? .nan) - expected) < 1e-5
    }

    @Test func `gain is linear and discounted by the logarithm of the place`() {
        let measures = RankingMeasures(ranking: ["b", "x", "a"], grades: ["a": 3, "b": 2, "c": 1])
        // (2/1 + 3/2) / (3/1 + 2/1.58496 + 1/2)
        #expect(Self.isNear(measures.ndcgAt10, 3.5 / 4.761860))
        #expect(Self.isNear(measures.mrrAt10, 1))
        #expect(Self.isNear(measures.recallAt1, 1.0 / 3))
        #expect(Self.isNear(measures.recallAt5, 2.0 / 3))
    }

    @Test func `the second place is worth what its logarithm says`() {
        let measures = RankingMeasures(ranking: ["x", "a"], grades: ["a": 1])
        #expect(Self.isNear(measures.ndcgAt10, 0.630930) && Self.isNear(measures.mrrAt10, 0.5))
        #expect(measures.recallAt1 == 0 && measures.recallAt5 == 1)
    }

    @Test func `the eleventh place counts for the hundred alone`() {
        let ranking = (0..<10).map { "x\($0)" } + ["a"]
        let measures = RankingMeasures(ranking: ranking, grades: ["a": 1])
        #expect(measures.ndcgAt10 == 0 && measures.mrrAt10 == 0 && measures.recallAt10 == 0)
        #expect(measures.recallAt100 == 1)
    }

    @Test func `the hundred and first place counts for nothing`() {
        let ranking = (0..<100).map { "x\($0)" } + ["a"]
        #expect(RankingMeasures(ranking: ranking, grades: ["a": 1]) == .zero)
    }

    @Test func `ten relevant documents are perfect where there are twelve`() {
        let all = (0..<12).map { "a\($0)" }
        let grades = Dictionary(uniqueKeysWithValues: all.map { ($0, 1) })
        let measures = RankingMeasures(ranking: all, grades: grades)
        #expect(Self.isNear(measures.ndcgAt10, 1) && Self.isNear(measures.recallAt10, 10.0 / 12))
        #expect(measures.recallAt100 == 1)
    }

    @Test func `a grade of zero or less is not relevant`() {
        let measures = RankingMeasures(
            ranking: ["no", "never", "yes"], grades: ["no": 0, "never": -2, "yes": 1])
        #expect(Self.isNear(measures.ndcgAt10, 0.5) && Self.isNear(measures.mrrAt10, 1.0 / 3))
        #expect(measures.recallAt5 == 1 && measures.recallAt1 == 0)
    }

    @Test func `nothing found is zero`() {
        #expect(RankingMeasures(ranking: [], grades: ["a": 1]) == .zero)
    }

    @Test func `a mean has the sample's standard error`() {
        let measures = [1, 2, 3, 4].map { (value: Double) in
            var measures = RankingMeasures.zero
            measures.ndcgAt10 = value / 4
            return measures
        }
        let mean = MeanMeasures(measures)
        #expect(mean.queryCount == 4 && Self.isNear(mean.mean.ndcgAt10, 0.625))
        // The deviation of 1, 2, 3, 4 is √(5/3).
        #expect(Self.isNear(mean.standardError?.ndcgAt10, (5.0 / 3 / 4).squareRoot() / 4))
        #expect(mean.mean.mrrAt10 == 0 && mean.standardError?.mrrAt10 == 0)
        #expect(MeanMeasures(Array(measures.prefix(1))).standardError == nil)
        #expect(MeanMeasures([]).mean == .zero)
    }
}
