internal import Kernels

/// What an index file holds of a graph beside its edges.
///
/// Little-endian 64-bit words: 1 (the version), degree, alpha's f64 bits, build depth, build width,
/// seed, draws, sweep position; then four lists, each after its length: entries, slots without codes,
/// slots that leave, slots that wait; then 0 where no depth was learnt, else 1 where it was learnt from
/// queries and 2 where from rows, the target's bits, queries, rows, changes since, and a list of points with five words each: limit, depth, recall's
/// bits, its standard error's bits, estimates' bits.
struct GraphRecord: Sendable, Equatable {
    var figures: VectorGraph.Figures
    var learned: LearnedDepth?
    var changes: Int

    private static let version: UInt64 = 1
    /// Greater parameters are refused.
    private static let parameterLimit: UInt64 = 1 << 16

    init(figures: VectorGraph.Figures, learned: LearnedDepth?, changes: Int) {
        self.figures = figures
        self.learned = learned
        self.changes = changes
    }

    var bytes: [UInt8] {
        let shape = figures.parameters
        var words: [UInt64] = [
            GraphRecord.version, UInt64(shape.degree), Double(shape.alpha).bitPattern,
            UInt64(shape.buildDepth), UInt64(shape.buildWidth), shape.seed, figures.draws,
            UInt64(figures.position),
        ]
        words += [UInt64(figures.entries.count)] + figures.entries.map(UInt64.init)
        for slots in [figures.outside, figures.leaving, figures.waiting] {
            words += [UInt64(slots.count)] + slots.map { UInt64($0) }
        }
        guard let learned else { return (words + [0]).littleEndianBytes }
        words += [
            learned.isFromQueries ? 1 : 2, learned.target.bitPattern, UInt64(learned.queryCount),
        ]
        words += [UInt64(learned.rowCount), UInt64(changes), UInt64(learned.points.count)]
        for point in learned.points {
            words += [UInt64(point.limit), UInt64(point.depth), point.recall.bitPattern]
            words += [point.standardError.bitPattern, point.estimates.bitPattern]
        }
        return words.littleEndianBytes
    }

    /// Nil where the bytes are not a record to the last one.
    init?(_ bytes: [UInt8]) {
        guard bytes.count % 8 == 0 else { return nil }
        let stored = StoredBytes.memory(bytes)
        var words = WordReader(stored.integers(at: 0, count: bytes.count / 8))
        guard words.next() == GraphRecord.version, let shape = words.parameters(),
            let draws = words.next(), let position = words.count(),
            let entries = words.slots(), let outside = words.slots(),
            let leaving = words.slots(), let waiting = words.slots(),
            let source = words.next(), source <= 2
        else { return nil }
        figures = VectorGraph.Figures(
            parameters: shape, entries: entries.map { UInt32($0) }, outside: outside,
            leaving: leaving, waiting: waiting, position: position, draws: draws)
        changes = 0
        if source > 0 {
            guard let target = words.fraction(), let queries = words.count(),
                let rows = words.count(), let changes = words.count(),
                let points = words.points()
            else { return nil }
            self.changes = changes
            learned = LearnedDepth(
                target: target, points: points, queryCount: queries,
                isFromQueries: source == 1, rowCount: rows)
        }
        guard words.isAtEnd else { return nil }
    }

    private struct WordReader {
        private var words: ArraySlice<UInt64>

        init(_ words: [UInt64]) { self.words = words[...] }

        var isAtEnd: Bool { words.isEmpty }

        mutating func next() -> UInt64? { words.popFirst() }

        mutating func count() -> Int? {
            next().flatMap { $0 <= UInt64(UInt32.max) ? Int($0) : nil }
        }

        mutating func fraction() -> Double? {
            next().map(Double.init(bitPattern:)).flatMap { (0...1).contains($0) ? $0 : nil }
        }

        mutating func slots() -> [Int]? {
            guard let count = count(), count <= words.count else { return nil }
            var slots: [Int] = []
            for _ in 0..<count {
                guard let slot = self.count() else { return nil }
                slots.append(slot)
            }
            return slots
        }

        mutating func parameters() -> VectorGraph.Parameters? {
            var shape = VectorGraph.Parameters()
            guard let degree = count(), let alpha = next().map(Double.init(bitPattern:)),
                let depth = count(), let width = count(), let seed = next(),
                (1...VectorGraph.Parameters.greatestDegree).contains(degree), alpha >= 1,
                alpha <= 16, width > 0,
                [depth, width].allSatisfy({ $0 <= GraphRecord.parameterLimit })
            else { return nil }
            shape.degree = degree
            shape.alpha = Float(alpha)
            (shape.buildDepth, shape.buildWidth, shape.seed) = (depth, width, seed)
            return shape
        }

        mutating func points() -> [LearnedDepth.Point]? {
            guard let count = count(), count <= words.count / 5 else { return nil }
            var points: [LearnedDepth.Point] = []
            for _ in 0..<count {
                guard let limit = self.count(), let depth = self.count(), depth > 0,
                    let recall = fraction(), let error = fraction(),
                    let estimates = next().map(Double.init(bitPattern:)), estimates >= 0,
                    estimates <= 1e12
                else { return nil }
                points.append(
                    LearnedDepth.Point(
                        limit: limit, depth: depth, recall: recall, standardError: error,
                        estimates: estimates))
            }
            return points
        }
    }
}
