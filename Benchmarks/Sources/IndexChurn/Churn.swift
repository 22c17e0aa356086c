import Foundation
import Kernels
import Synchronization
import Vectors

/// An index that one thread changes and two search, from the first touch of its file on.
struct Churn {
    private let shared: SharedVectorIndex<VectorKey>
    private let source: RowSource
    /// How deep searches go: as far as was learnt before the first change.
    private let depth: Int
    private let brokenTouches: Int

    private static let searchers = 2
    private static let limit = 10
    /// The recall that the graph is built for; with room to fall.
    private static let target = 0.95
    private static let heldQueries = 2000

    init(rowCount: Int) throws {
        source = RowSource(seed: 1)
        var numbers = SplitMix(state: 2)
        let rows = source.rows(rowCount, &numbers)
        let index = try Self.index(of: rows, keys: (0..<rowCount).map(Self.key))
        depth = index.learnedDepth?.points.first?.depth ?? 64
        // FileManager's folder ends in a fault where releases are watched (CThreadOrder).
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let folder = "\(parent)/index-churn-\(getpid())"
        _ = try IndexFile(writing: index, to: folder)
        let touches = FirstTouches(folder: folder, queries: source.rows(8, &numbers))
        brokenTouches = try touches.run()
        shared = SharedVectorIndex(try IndexFile<VectorKey>(opening: folder).index)
        // What is open stays.
        unlink(IndexFile<VectorKey>.path(in: folder))
        rmdir(folder)
    }

    /// Changes and searches for a while, and then measures.
    func run(for duration: Duration) throws -> ChurnReport {
        let report = Mutex(ChurnReport())
        let start = ContinuousClock.now
        let end = start.advanced(by: duration)
        let threads = Threads()
        threads.start { Self.noting(report) { try change(until: end, report) } }
        for number in 0..<Self.searchers {
            threads.start { Self.noting(report) { try search(number, until: end, report) } }
        }
        threads.wait()
        var result = report.withLock { $0 }
        result.seconds = (ContinuousClock.now - start) / .seconds(1)
        let index = shared.snapshot()
        let keys = index.allKeys
        var rows = FloatRows(dimension: index.dimension, count: 0)
        for block in try index.blocks(of: 1024) { rows.append(contentsOf: block) }
        var numbers = SplitMix(state: 3)
        let queries = source.rows(Self.heldQueries, &numbers)
        result.rowCount = index.count
        result.broken += brokenTouches
        result.depth = depth
        result.during /= Double(max(1, result.searches))
        result.changed = try recall(index, queries)
        result.fresh = try recall(Self.index(of: rows, keys: keys), queries)
        return result
    }

    private func change(until end: ContinuousClock.Instant, _ report: borrowing Mutex<ChurnReport>)
        throws
    {
        var numbers = SplitMix(state: 4)
        var keys = shared.snapshot().allKeys
        var next = keys.count
        var round = 0
        while ContinuousClock.now < end {
            keys.shuffle(using: &numbers)
            let gone = Array(keys.suffix(8))
            let changed = Array(keys.prefix(8))
            let new = (next..<next + 8).map(Self.key)
            let rows = source.rows(16, &numbers)
            try shared.update { index in
                index.remove(keys: gone)
                try index.upsert(rows, keys: changed + new)
                if round % 32 == 31 { try index.compact(limit: 64) }
            }
            keys.removeLast(8)
            keys += new
            next += 8
            round += 1
            report.withLock {
                $0.removed += 8
                $0.replaced += 8
                $0.added += 8
            }
        }
    }

    private func search(
        _ number: Int, until end: ContinuousClock.Instant, _ report: borrowing Mutex<ChurnReport>
    ) throws {
        var numbers = SplitMix(state: 5 + UInt64(number))
        while ContinuousClock.now < end {
            let query = Array(source.rows(1, &numbers)[0])
            let snapshot = shared.snapshot()
            let exact = try snapshot.search(query, limit: Self.limit)
            let found = try snapshot.search(
                query, limit: Self.limit, method: .graph, depth: depth
            ).matches
            let scores = Dictionary(uniqueKeysWithValues: exact.map { ($0.key, $0.score) })
            let isSound =
                found.count == Self.limit && exact.count == Self.limit
                && (found + exact).allSatisfy { snapshot.contains($0.key) }
                && found.allSatisfy { scores[$0.key] ?? $0.score == $0.score }
            let hits = found.count { scores[$0.key] != nil }
            report.withLock {
                $0.searches += 1
                $0.broken += isSound ? 0 : 1
                $0.during += Double(hits) / Double(Self.limit)
            }
        }
    }

    private static func noting(
        _ report: borrowing Mutex<ChurnReport>, _ body: () throws -> Void
    ) {
        do {
            try body()
        } catch {
            let message = "\(error)"
            report.withLock { $0.failures.append(message) }
        }
    }

    private static func key(_ number: Int) -> VectorKey { VectorKey(rawValue: UInt64(number)) }

    private static func index(of rows: FloatRows, keys: [VectorKey]) throws -> VectorIndex {
        var index = VectorIndex(dimension: rows.dimension)
        try index.append(rows, keys: keys)
        try index.buildGraph(target: target)
        return index
    }

    private func recall(_ index: VectorIndex, _ queries: FloatRows) throws -> Double {
        let exact = try index.search(queries, limit: Self.limit)
        let found = try index.search(queries, limit: Self.limit, method: .graph, depth: depth)
        let hits = zip(exact, found).reduce(0) { sum, pair in
            let wanted = Set(pair.0.map(\.key))
            return sum + pair.1.matches.count { wanted.contains($0.key) }
        }
        return Double(hits) / Double(Self.limit * queries.count)
    }
}
