public import Kernels

extension KeyedVectorIndex {
    /// Learns how deep searches must go to reach a recall, by holding them against exact answers.
    ///
    /// - Parameters:
    ///   - target: the share of the exact answers that is wanted.
    ///   - queries: recent ones, best many hundred; nil for some of the index's own rows, each looked
    ///     for as if it were not there itself.
    ///   - limits: for how many rows wanted it is learnt.
    /// - Throws: `.dimension`, `.notFinite`, `.damaged`.
    /// - Complexity: that of one exact search a query, and about eight searches through the graph.
    public mutating func learnDepth(
        target: Double = 0.98, queries: FloatRows? = nil, limits: [Int] = [10, 100]
    ) throws(IndexError) {
        guard rows.isIntact else { throw .damaged }
        dropUnsoundGraph()
        guard let graph = approximate?.graph, count > 0 else { return }
        let given = queries.flatMap { $0.count > 0 ? $0 : nil }
        if let given { try check(given, nil) }
        let slots = given == nil ? someSlots(512) : []
        let sample = given ?? rows(in: slots)
        let aim = given == nil ? (1 + target) / 2 : target
        let prepared = prepare(sample)
        var points: [LearnedDepth.Point] = []
        for limit in limits where limit == limits.first || limit * 4 <= count {
            // The more rows are wanted, the less one query's recall varies.
            let some = Array(limit > 32 ? prepared.prefix(256) : prepared[...])
            let trials = trials(some, slots, limit: limit)
            let ladder = LearnedDepth.ladder(
                from: limit, to: min(keys.slotCount, max(4096, limit * 16)))
            points.append(
                LearnedDepth.leastPoint(ladder, target: aim) { depth in
                    point(graph, trials, limit: limit, depth: depth)
                })
        }
        let learned = LearnedDepth(
            target: target, points: points, queryCount: sample.count,
            isFromQueries: given != nil, rowCount: count)
        approximate?.learned = learned
        approximate?.changes = 0
    }

    private func trials(_ queries: [RowQuery], _ slots: [Int], limit: Int) -> [Trial] {
        // One more, because a row finds itself.
        var exact = empty(queries.count, limit: limit + 1, minimum: -.infinity)
        rows.scan(queries, slots: 0..<keys.slotCount, allowed: allowed(nil), nearest: &exact)
        return queries.indices.map { index in
            let own = slots.isEmpty ? nil : slots[index]
            let wanted = exact[index].sorted().filter { $0.slot != own }.prefix(limit)
            return Trial(query: queries[index], own: own, wanted: Array(wanted))
        }
    }

    private func point(
        _ graph: VectorGraph, _ trials: [Trial], limit: Int, depth: Int
    ) -> LearnedDepth.Point {
        let allowed = allowed(nil)
        let keys = keys
        var (sum, squares, estimates) = (0.0, 0.0, 0)
        for trial in trials {
            var found = Nearest(limit: limit) { keys[$0] < keys[$1] }
            let effort = graph.search(
                trial.query, in: rows, depth: depth, allowed: allowed, excluding: trial.own,
                nearest: &found)
            estimates += effort?.estimates ?? 0
            // A query that codes say nothing of is answered exactly.
            let share = effort == nil ? 1 : trial.share(of: found)
            sum += share
            squares += share * share
        }
        let count = Double(max(1, trials.count))
        let mean = sum / count
        let variance = max(0, squares / count - mean * mean)
        return LearnedDepth.Point(
            limit: limit, depth: depth, recall: mean,
            standardError: (variance / count).squareRoot(), estimates: Double(estimates) / count)
    }

    /// Up to so many rows, spread over the slots; always the same of the same index.
    func someSlots(_ wanted: Int) -> [Int] {
        var chosen = SlotSet()
        var slots: [Int] = []
        var state = UInt64(keys.slotCount)
        for _ in 0..<16 * wanted where slots.count < min(wanted, count) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let slot = Int(state >> 33) % keys.slotCount
            guard live.contains(slot), !chosen.contains(slot) else { continue }
            chosen.set(slot, true)
            slots.append(slot)
        }
        return slots
    }

    func rows(in slots: [Int]) -> FloatRows {
        var some = FloatRows(dimension: dimension, values: [])
        for slot in slots { some.append(rows[slot]) }
        return some
    }
}

/// A query with its exact answer.
private struct Trial {
    let query: RowQuery
    /// The slot of the query itself, where it is a row.
    let own: Int?
    let wanted: [Nearest.Entry]

    /// The share of the answer that was found; where equal scores reach across its end, any of them
    /// will do.
    func share(of found: Nearest) -> Double {
        guard let last = wanted.last else { return 1 }
        let hits = found.sorted().count { $0.score >= last.score }
        return min(1, Double(hits) / Double(wanted.count))
    }
}
