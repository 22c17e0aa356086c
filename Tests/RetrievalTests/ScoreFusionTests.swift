import Retrieval
import Store
import TestSupport
import Testing

struct ScoreFusionTests {
    private func ranking(_ channel: SearchChannel, _ scores: [Int64: Double]) -> ChannelRanking {
        ChannelRanking(
            channel: channel,
            matches: scores.map { ScoredChunk(id: ChunkID(rawValue: $0), score: $1) }
                .sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id })
    }

    private func fused(
        _ rankings: [ChannelRanking], _ weights: [SearchChannel: Double]
    ) -> [Int64: Double] {
        let fused = scoreFusion(rankings) { weights[$0] ?? 0 }
        return Dictionary(uniqueKeysWithValues: fused.map { ($0.id.rawValue, $0.score) })
    }

    @Test func `each channel's scores are brought to one scale`() {
        let words = ranking(.lexical, [1: 20, 2: 10])
        let meaning = ranking(.dense, [2: 0.9, 3: 0.7, 4: 0.5])
        let heading = ranking(.heading, [3: 0.5])
        let equal = fused([words, meaning, heading], [.lexical: 1, .dense: 1, .heading: 1])
        #expect(equal.count == 4)
        for (id, expected) in [1: 1.0 / 3, 2: 1.5 / 3, 3: 1.0 / 3, 4: 0] as [Int64: Double] {
            #expect(abs((equal[id] ?? -1) - expected) < 1e-12, "\(id)")
        }
        // Twice every score and every weight changes nothing.
        let twice = fused(
            [ranking(.lexical, [1: 40, 2: 20]), meaning, heading],
            [.lexical: 2, .dense: 2, .heading: 2])
        #expect(twice.allSatisfy { abs($1 - (equal[$0] ?? -1)) < 1e-12 })
    }

    @Test func `a channel of weight 0 brings nothing in`() {
        let words = ranking(.lexical, [1: 2])
        let names = ranking(.name, [2: 9])
        #expect(fused([words, names], [.lexical: 1]) == [1: 1])
        #expect(fused([words, names], [:]).isEmpty)
        #expect(fused([], [.lexical: 1]).isEmpty)
        #expect(fused([ranking(.lexical, [:])], [.lexical: 1]).isEmpty)
    }

    @Test func `equal scores and a single match are no division by zero`() {
        #expect(fused([ranking(.dense, [5: 0.4])], [.dense: 1]) == [5: 1])
        #expect(fused([ranking(.dense, [5: 0.4, 6: 0.4])], [.dense: 1]) == [5: 1, 6: 1])
        #expect(fused([ranking(.dense, [5: -0.4, 6: -0.5])], [.dense: 1]) == [5: 1, 6: 0])
    }

    @Test func `the scale does not depend on how many matches were asked for`() {
        let deep = (0..<400).map { (Int64($0), 1 - Double($0) / 400) }
        let few = fused([ranking(.dense, Dictionary(deep.prefix(100)) { $1 })], [.dense: 1])
        let many = fused([ranking(.dense, Dictionary(deep) { $1 })], [.dense: 1])
        #expect(many.count == 400 && few.allSatisfy { many[$0] == $1 })
        #expect(many.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func `the order of channels and ties do not matter`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            let rankings = SearchChannel.allCases.map { channel in
                ranking(
                    channel,
                    Dictionary(
                        (0..<20).map { _ in
                            (
                                Int64.random(in: 0..<30, using: &random),
                                Double(Int.random(in: 0...3, using: &random)) / 4
                            )
                        }
                    ) { first, _ in first })
            }
            let straight = scoreFusion(rankings) { _ in 1 }
            let turned = scoreFusion(rankings.reversed()) { _ in 1 }
            #expect(straight.count == turned.count)
            for (first, second) in zip(straight, straight.dropFirst()) {
                #expect(
                    first.score > second.score
                        || (first.score == second.score && first.id < second.id))
            }
        }
    }
}
