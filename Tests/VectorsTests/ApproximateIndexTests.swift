import Kernels
import Synchronization
import TestSupport
import Testing
import Vectors

struct ApproximateIndexTests {
    private func key(_ value: Int) -> VectorKey { VectorKey(rawValue: UInt64(value)) }

    /// Rows around a few hundred centres, as texts are around their topics.
    private func rows(_ count: Int, _ generator: inout SeededGenerator) -> FloatRows {
        let centres = (0..<200).map { _ in generator.floats(32) }
        var rows = FloatRows(dimension: 32, values: [])
        for _ in 0..<count {
            let centre = centres[Int.random(in: 0..<200, using: &generator)]
            rows.append(zip(centre, generator.floats(32)).map { $0 + 0.6 * $1 })
        }
        return rows
    }

    private func index(
        _ rows: FloatRows, metric: VectorMetric = .cosine
    ) throws -> VectorIndex {
        var index = VectorIndex(dimension: 32, metric: metric)
        try index.append(rows, keys: (0..<rows.count).map(key))
        var parameters = VectorGraph.Parameters()
        parameters.degree = 24
        try index.buildGraph(parameters: parameters)
        return index
    }

    private func recall(
        _ index: VectorIndex, _ queries: FloatRows, _ method: SearchMethod
    ) throws -> Double {
        var hits = 0
        for query in 0..<queries.count {
            let exact = Set(try index.search(queries[query], limit: 10).map(\.key))
            let found = try index.search(queries[query], limit: 10, method: method)
            hits += found.matches.count { exact.contains($0.key) }
        }
        return Double(hits) / Double(10 * queries.count)
    }

    @Test(arguments: VectorMetric.allCases)
    func `reaches the recall that was stated, on queries it has not seen`(
        metric: VectorMetric
    ) throws {
        var generator = SeededGenerator(seed: 121)
        let all = rows(4600, &generator)
        var index = try index(
            FloatRows(dimension: 32, values: Array(all.values[..<(4000 * 32)])), metric: metric)
        let learnt = FloatRows(
            dimension: 32, values: Array(all.values[(4000 * 32)..<(4300 * 32)]))
        let held = FloatRows(dimension: 32, values: Array(all.values[(4300 * 32)...]))
        for target in [0.9, 0.95, 0.98, 0.99] {
            try index.learnDepth(target: target, queries: learnt)
            let learned = try #require(index.learnedDepth)
            #expect(learned.meetsTarget && learned.queryCount == 300)
            #expect(learned.points.map(\.limit) == [10, 100])
            let recall = try recall(index, held, .graph)
            #expect(recall >= target - 0.01, "\(target): \(recall)")
        }
    }

    @Test func `learns from its own rows where no query came yet`() throws {
        var generator = SeededGenerator(seed: 122)
        let all = rows(3300, &generator)
        var index = try index(FloatRows(dimension: 32, values: Array(all.values[..<(3000 * 32)])))
        // Learnt while it was built.
        let built = try #require(index.learnedDepth)
        #expect(built.target == 0.98 && built.queryCount == 375 && built.rowCount == 3000)
        #expect(!index.isLearningDue)
        try index.learnDepth(target: 0.95)
        let learned = try #require(index.learnedDepth)
        // A quarter of the half that is looked at.
        #expect(learned.queryCount == 375 && learned.rowCount == 3000)
        #expect(!index.isLearningDue)
        let held = FloatRows(dimension: 32, values: Array(all.values[(3000 * 32)...]))
        #expect(!learned.isFromQueries && learned.points[0].recall >= 0.95)
        // Rows that found themselves would make the graph look better than it is.
        let recall = try recall(index, held, .graph)
        var other = index
        let own = FloatRows(dimension: 32, values: Array(all.values[..<(375 * 32)]))
        try other.learnDepth(target: 0.95, queries: own)
        let easy = try #require(other.learnedDepth).points[0].depth
        #expect(recall >= 0.94 && learned.points[0].depth > easy, "\(recall), \(easy)")
        index.remove(keys: (0..<301).map(key))
        #expect(index.isLearningDue)
    }

    @Test func `where a filter passes only what lies far away, the answer is exact`() throws {
        var generator = SeededGenerator(seed: 129)
        var all = FloatRows(dimension: 32, count: 0)
        for number in 0..<2000 {
            // Two heaps, far from each other.
            let centre: Float = number < 1000 ? 20 : -20
            all.append(generator.floats(32).map { $0 + centre })
        }
        let index = try index(all, metric: .euclidean)
        let query = [Float](repeating: 20, count: 32)
        let far = index.filter(keys: (1000..<2000).map(key))
        let answer = try index.search(
            query, limit: 50, filter: far, method: .graph, depth: 60)
        guard case .graph = answer.plan.method else {
            Issue.record("the graph was not asked: \(answer.plan)")
            return
        }
        #expect(answer.isFallback && answer.effort?.isCutShort == false)
        #expect(try answer.matches == index.search(query, limit: 50, filter: far))
    }

    @Test func `a filtered search returns as many rows as pass, up to the limit`() throws {
        var generator = SeededGenerator(seed: 123)
        let all = rows(3000, &generator)
        var index = try index(all)
        try index.learnDepth(target: 0.95)
        for share in [0, 1, 9, 11, 300, 1500, 3000] {
            let filter = index.filter(
                keys: (0..<3000).shuffled(using: &generator).prefix(share).map(key))
            for method in SearchMethod.allCases {
                for limit in [1, 10, 200] {
                    let query = generator.floats(32)
                    let found = try index.search(
                        query, limit: limit, filter: filter, method: method)
                    let exact = try index.search(query, limit: limit, filter: filter)
                    #expect(found.matches.count == exact.count)
                    let scores = Dictionary(
                        uniqueKeysWithValues: try index.search(
                            query, limit: 3000, filter: filter
                        ).map { ($0.key, $0.score) })
                    for match in found.matches {
                        #expect(scores[match.key]?.bitPattern == match.score.bitPattern)
                    }
                    if method == .exact || found.effort == nil { #expect(found.matches == exact) }
                }
            }
        }
    }

    @Test func `changes reach the graph`() throws {
        var generator = SeededGenerator(seed: 124)
        let all = rows(3000, &generator)
        var index = try index(all)
        var model = Dictionary(
            uniqueKeysWithValues: (0..<3000).map { (key($0), Array(all[$0])) })
        for step in 0..<30 {
            let keys = (0..<60).map { _ in Int.random(in: 0..<4000, using: &generator) }
            let some = Set(keys).map(key)
            if step % 3 == 2 {
                index.remove(keys: some)
                for key in some { model[key] = nil }
            } else {
                let new = rows(some.count, &generator)
                try index.upsert(new, keys: some)
                for (place, key) in some.enumerated() { model[key] = Array(new[place]) }
            }
            if step == 20 { try index.compact() }
        }
        #expect(index.count == model.count)
        try index.learnDepth(target: 0.98)
        for (key, row) in model.prefix(300) {
            let found = try index.search(row, limit: 10, method: .graph, depth: 60)
            #expect(found.effort != nil)
            #expect(found.matches.allSatisfy { model[$0.key] != nil })
            if found.matches.first?.key != key {
                // Only an equal direction may go before the row itself.
                #expect((found.matches.first?.score ?? 0) >= 0.9999)
            }
        }
        try index.compact()
        index.dropGraph()
        #expect(index.graph == nil && index.count == model.count)
    }

    @Test func `slots are used again`() throws {
        var generator = SeededGenerator(seed: 125)
        let all = rows(2048, &generator)
        var index = try index(all)
        let before = index.byteCount
        for round in 0..<4 {
            for start in stride(from: 0, to: 2048, by: 64) {
                let keys = (start..<start + 64).map { key($0 + round * 10_000) }
                index.remove(keys: keys)
                try index.append(
                    FloatRows(
                        dimension: 32,
                        values: Array(all.values[start * 32..<(start + 64) * 32])),
                    keys: (start..<start + 64).map { key($0 + (round + 1) * 10_000) })
            }
        }
        #expect(index.count == 2048)
        #expect(Double(index.byteCount) <= 1.5 * Double(before))
        try index.compact()
        #expect(index.byteCount <= before)
    }

    @Test func `readers search the graph while a writer changes it`() async throws {
        var generator = SeededGenerator(seed: 126)
        let all = rows(1500, &generator)
        let start = try index(all)
        let shared = SharedVectorIndex(start)
        let queries = (0..<40).map { _ in generator.floats(32) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<60 {
                    try shared.update { index in
                        let keys = (0..<10).map { key((round * 10 + $0) % 1500) }
                        index.remove(keys: keys)
                        try index.append(
                            FloatRows(
                                dimension: 32, values: Array(all.values[..<(10 * 32)])), keys: keys)
                    }
                }
            }
            for reader in 0..<2 {
                group.addTask {
                    for query in queries {
                        let snapshot = shared.snapshot()
                        let found = try snapshot.search(
                            query, limit: 10 + reader, method: .graph, depth: 60)
                        #expect(found.matches.count == 10 + reader)
                        #expect(snapshot.count == 1500)
                        #expect(found.matches.allSatisfy { snapshot.contains($0.key) })
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `costs are measured by the clock that is given`() throws {
        var generator = SeededGenerator(seed: 127)
        var index = try index(rows(1000, &generator))
        let guessed = index.costs
        try index.measureCosts(clock: SteadyClock())
        // Every part took one tick.
        #expect(index.costs.query == 1e9 / 8 && index.costs.codedRow == 1e9 / 8 / 1000)
        #expect(index.costs.listedRow == 1e9 / 8 / 100 && index.costs.floatRow == 1e9 / 1000)
        #expect(index.costs.batchedRow == index.costs.codedRow)
        #expect(index.costs.estimate > 0 && index.costs.estimate != guessed.estimate)
        var empty = VectorIndex(dimension: 3)
        try empty.measureCosts(clock: SteadyClock())
        #expect(empty.costs == SearchCosts(dimension: 3))
    }
}

/// A clock on which every look takes a second.
private final class SteadyClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var ticks: Int
        func advanced(by duration: Duration) -> Instant {
            Instant(ticks: ticks + Int(duration.components.seconds))
        }
        func duration(to other: Instant) -> Duration { .seconds(other.ticks - ticks) }
        static func < (left: Instant, right: Instant) -> Bool { left.ticks < right.ticks }
    }

    private let ticks = Mutex(0)

    var now: Instant {
        ticks.withLock { ticks in
            ticks += 1
            return Instant(ticks: ticks)
        }
    }

    let minimumResolution = Duration.seconds(1)

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}
