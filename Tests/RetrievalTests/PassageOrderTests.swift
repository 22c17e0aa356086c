import Retrieval
import Store
import TestSupport
import Testing

/// The order in which passages are shown: by score, age and who took whose place.
@Suite struct PassageOrderTests {
    /// Passages 1, 2, … of pages, with scores that fall from 1 by tenths.
    func check(
        pages: [Int64], factors: [Int64: Double] = [:], successors: [Int64: Int64] = [:],
        head: Int = .max, _ expected: [Int64], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let matches = pages.indices.map {
            ScoredChunk(id: ChunkID(rawValue: Int64($0 + 1)), score: 1 - Double($0) / 10)
        }
        let fused = scoreFusion([ChannelRanking(channel: .heading, matches: matches)]) { _ in 1 }
        let order = PassageOrder(
            documents: Dictionary(uniqueKeysWithValues: zip(matches.map(\.id), pages)),
            factors: factors, successors: successors)
        let ordered = order.ordered(fused, head: head)
        #expect(ordered.map(\.id.rawValue) == expected, sourceLocation: sourceLocation)
        guard head == .max else { return }
        for (better, worse) in zip(ordered, ordered.dropFirst()) {
            #expect(better.score >= worse.score, sourceLocation: sourceLocation)
        }
    }

    @Test func `without ages and successors nothing moves`() {
        check(pages: [1, 2, 1, 3], [1, 2, 3, 4])
        check(pages: [], [])
    }

    @Test func `age lowers a score by its factor`() {
        check(pages: [1, 2, 3], factors: [1: 0.9], [1, 2, 3])
        check(pages: [1, 2, 3], factors: [1: 0.85], [2, 1, 3])
        check(pages: [1, 2, 3], factors: [1: 0.5, 2: 0.95], [2, 3, 1])
    }

    @Test func `what was found first stays before the rest`() {
        check(pages: [1, 2, 3, 4], factors: [1: 0.1, 3: 0.1], head: 2, [2, 1, 4, 3])
    }

    @Test func `a successor comes before what it replaces`() {
        check(pages: [1, 1, 2, 3, 2], successors: [1: 3], [4, 1, 2, 3, 5])
        check(pages: [2, 1, 3], successors: [1: 2], [1, 2, 3])
        check(pages: [1, 2, 3], successors: [1: 9], [1, 2, 3])
        check(pages: [1, 4, 2, 3], successors: [1: 2, 2: 3], [4, 3, 1, 2])
        // The page between was not found.
        check(pages: [1, 4, 3], successors: [1: 2, 2: 3], [3, 1, 2])
    }

    @Test func `pages that replace each other end somewhere`() {
        check(pages: [1, 2, 3], successors: [1: 2, 2: 1], [2, 1, 3])
        check(pages: [1, 2], successors: [1: 1, 2: 2], [1, 2])
        check(pages: [1, 2, 3], successors: [1: 2, 2: 3, 3: 1], [3, 2, 1])
    }

    @Test func `no passage is lost and none comes before its successor's first`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let pages = (0..<12).map { _ in Int64.random(in: 1...6, using: &generator) }
            var successors: [Int64: Int64] = [:]
            // To greater numbers only, so that there is an end.
            for page in Int64(1)...5 where Bool.random(using: &generator) {
                successors[page] = .random(in: (page + 1)...6, using: &generator)
            }
            let matches = pages.indices.map {
                ScoredChunk(id: ChunkID(rawValue: Int64($0)), score: Double(20 - $0))
            }
            let order = PassageOrder(
                documents: Dictionary(uniqueKeysWithValues: zip(matches.map(\.id), pages)),
                factors: [2: 0.9, 5: 0.95], successors: successors)
            let ordered = order.ordered(
                scoreFusion([ChannelRanking(channel: .lexical, matches: matches)]) { _ in 1 },
                head: .max
            ).map(\.id.rawValue)
            #expect(ordered.sorted() == pages.indices.map(Int64.init))
            let shown = ordered.map { pages[Int($0)] }
            for (old, new) in successors {
                guard let first = shown.firstIndex(of: old), let better = shown.firstIndex(of: new)
                else { continue }
                #expect(better < first, "\(shown) \(successors)")
            }
        }
    }
}
