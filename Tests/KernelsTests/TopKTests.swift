import Kernels
import TestSupport
import Testing

struct TopKTests {
    private typealias Entry = TopK.Entry

    private func kept(_ entries: [TopK.Entry], limit: Int) -> [TopK.Entry] {
        var best = TopK(limit: limit)
        for entry in entries { best.insert(entry) }
        return best.sorted()
    }

    @Test func `keeps what sorting would put first`() {
        var generator = SeededGenerator(seed: 5)
        for count in [0, 1, 2, 7, 31, 100, 1000] {
            // Few different scores, so that ties are common.
            let entries = (0..<count).map { _ in
                Entry(
                    key: UInt64.random(in: 0..<500, using: &generator),
                    score: Float(Int.random(in: -5...5, using: &generator)))
            }
            let sorted = entries.sorted { left, right in
                left.score != right.score ? left.score > right.score : left.key < right.key
            }
            for limit in [0, 1, 2, 3, 10, 99, 100, 1001] {
                #expect(kept(entries, limit: limit) == Array(sorted.prefix(limit)))
            }
        }
    }

    @Test func `the order of arrival does not matter`() {
        var generator = SeededGenerator(seed: 6)
        let entries = (0..<40).map { Entry(key: $0, score: Float($0 % 4)) }
        let expected = kept(entries, limit: 13)
        for _ in 0..<50 {
            #expect(kept(entries.shuffled(using: &generator), limit: 13) == expected)
        }
    }

    @Test func `equal scores are ordered by the lesser key`() {
        let entries = [UInt64.max, 7, 0, 3].map { Entry(key: $0, score: 1) }
        #expect(kept(entries, limit: 3).map(\.key) == [0, 3, 7])
    }

    @Test func `NaN is never kept`() {
        let entries = [
            Entry(key: 1, score: .nan), Entry(key: 2, score: -.infinity),
            Entry(key: 3, score: -.nan), Entry(key: 4, score: .infinity),
            Entry(key: 5, score: .signalingNaN),
        ]
        #expect(kept(entries, limit: 5).map(\.key) == [4, 2])
        #expect(kept(entries, limit: 1).map(\.key) == [4])
    }

    @Test func `a limit of 0 keeps nothing`() {
        #expect(kept([Entry(key: 1, score: 1)], limit: 0) == [])
    }

    @Test func `minus zero ties with zero`() {
        let entries = [Entry(key: 2, score: 0), Entry(key: 1, score: -0.0)]
        #expect(kept(entries, limit: 2).map(\.key) == [1, 2])
    }
}
