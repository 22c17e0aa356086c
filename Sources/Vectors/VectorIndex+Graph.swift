public import Kernels

/// The approximate half of an index.
struct ApproximateHalf: Sendable {
    var graph: VectorGraph
    var learned: LearnedDepth?
    /// Rows put or removed since the depth was learnt.
    var changes = 0
}

extension KeyedVectorIndex {
    /// The graph, where there is one.
    public var graph: VectorGraph? { approximate?.graph }

    /// What was learnt of the graph's recall.
    public var learnedDepth: LearnedDepth? { approximate?.learned }

    /// Whether the depth should be learnt anew: it never was, or the rows have changed since.
    public var isLearningDue: Bool {
        guard let approximate else { return false }
        return approximate.learned?.isStale(rowCount: count, changes: approximate.changes) ?? true
    }

    /// Builds a graph over the rows; from then on every change keeps it.
    ///
    /// Searches that ask for an exact answer stay exact; those that name a method may go through the
    /// graph, once a depth was learnt.
    ///
    /// - Complexity: O(count) inserts, each about as costly as a search.
    public mutating func buildGraph(parameters: VectorGraph.Parameters = VectorGraph.Parameters()) {
        code()
        guard rows.isCoded else { return }
        var graph = VectorGraph(parameters: parameters)
        for slot in 0..<keys.slotCount where live.contains(slot) {
            graph.insert(slot: slot, rows: rows)
        }
        // Slots at the end that are out of use have their rows without edges too.
        graph.extend(to: keys.slotCount)
        approximate = ApproximateHalf(graph: graph)
    }

    /// Drops the graph; slots that waited for its sweep are free.
    public mutating func dropGraph() {
        guard let graph = approximate?.graph else { return }
        free += graph.waitingSlots
        approximate = nil
    }

    /// Learns how deep searches must go to reach a recall, by holding them against exact answers.
    ///
    /// - Parameters:
    ///   - target: the share of the exact answers that is wanted.
    ///   - queries: recent ones, best many hundred; where there are none, mixtures of the index's own
    ///     rows stand in.
    ///   - limits: for how many rows wanted it is learnt.
    /// - Throws: `.dimension`, `.notFinite`.
    /// - Complexity: that of one exact search a query, and about eight searches through the graph.
    public mutating func learnDepth(
        target: Double = 0.98, queries: FloatRows? = nil, limits: [Int] = [10, 100]
    ) throws(IndexError) {
        guard let graph = approximate?.graph, count > 0 else { return }
        let sample = queries.flatMap { $0.count > 0 ? $0 : nil } ?? mixtures(256)
        try check(sample, nil)
        let prepared = prepare(sample)
        var points: [LearnedDepth.Point] = []
        for limit in limits where limit == limits.first || limit * 4 <= count {
            var exact = empty(prepared.count, limit: limit, minimum: -.infinity)
            rows.scan(prepared, slots: 0..<keys.slotCount, allowed: allowed(nil), nearest: &exact)
            let ladder = LearnedDepth.ladder(
                from: limit, to: min(keys.slotCount, max(4096, limit * 16)))
            points.append(
                LearnedDepth.leastPoint(ladder, target: target) { depth in
                    point(graph, prepared, exact, limit: limit, depth: depth)
                })
        }
        let learned = LearnedDepth(
            target: target, points: points, queryCount: sample.count, rowCount: count)
        approximate?.learned = learned
        approximate?.changes = 0
    }

    private func point(
        _ graph: VectorGraph, _ queries: [RowQuery], _ exact: [Nearest], limit: Int, depth: Int
    ) -> LearnedDepth.Point {
        let allowed = allowed(nil)
        let keys = keys
        var (sum, squares, estimates) = (0.0, 0.0, 0)
        for (query, exact) in zip(queries, exact) {
            var found = Nearest(limit: limit) { keys[$0] < keys[$1] }
            let effort = graph.search(
                query, in: rows, depth: depth, allowed: allowed, nearest: &found)
            estimates += effort?.estimates ?? 0
            let wanted = exact.sorted()
            // Where equal scores reach across the limit, any of them will do.
            let hits = wanted.last.map { last in found.sorted().count { $0.score >= last.score } }
            let share =
                effort == nil ? 1 : Double(hits ?? 0) / Double(max(1, wanted.count))
            sum += share
            squares += share * share
        }
        let count = Double(max(1, queries.count))
        let mean = sum / count
        let variance = max(0, squares / count - mean * mean)
        return LearnedDepth.Point(
            limit: limit, depth: depth, recall: mean,
            standardError: (variance / count).squareRoot(), estimates: Double(estimates) / count)
    }

    /// Rows that stand in for queries: the mean of three neighbours of a row, which like a query is
    /// near some rows and is none of them.
    func mixtures(_ wanted: Int) -> FloatRows {
        var mixed = FloatRows(dimension: dimension, values: [])
        var state = UInt64(keys.slotCount)
        var tries = 0
        while mixed.count < min(wanted, count), tries < 64 * wanted {
            tries += 1
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let slot = Int(state >> 33) % keys.slotCount
            guard live.contains(slot), let near = approximate?.graph.neighbours(of: slot) else {
                continue
            }
            let parts = near.filter(live.contains).prefix(3)
            var row = [Float](repeating: 0, count: dimension)
            for part in parts.isEmpty ? [slot] : Array(parts) {
                for (column, value) in rows[part].enumerated() { row[column] += value }
            }
            let share = 1 / Float(max(1, parts.count))
            for column in row.indices { row[column] *= share }
            mixed.append(row)
        }
        return mixed
    }

    /// Brings a slot that was just written into the graph.
    mutating func link(_ slot: Int) {
        approximate?.graph.insert(slot: slot, rows: rows)
        approximate?.changes += 1
    }

    /// Gives up a slot whose row was removed; it is free once no edge of a graph leads there.
    mutating func retire(_ slot: Int) {
        approximate?.changes += 1
        free += approximate?.graph.remove(slot: slot, rows: rows) ?? [slot]
    }
}
