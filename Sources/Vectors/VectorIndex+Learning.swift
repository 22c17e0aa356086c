public import Kernels

extension KeyedVectorIndex {
    /// Learns how deep searches must go to reach a recall, by holding them against exact answers.
    ///
    /// - Parameters:
    ///   - target: the share of the exact answers that is wanted.
    ///   - queries: recent ones, best many hundred; nil for some of the index's own rows, those that
    ///     have no others close by, which are looked for where they were taken out: in a copy of the
    ///     graph.
    ///   - limits: for how many rows wanted it is learnt.
    /// - Throws: `.dimension`, `.notFinite`, `.damaged`.
    /// - Complexity: that of one exact search a query, and about eight searches through the graph; for
    ///   own rows also that of a removal a query, and O(count · degree).
    public mutating func learnDepth(
        target: Double = 0.98, queries: FloatRows? = nil, limits: [Int] = [10, 100]
    ) throws(IndexError) {
        guard rows.isIntact else { throw .damaged }
        dropUnsoundGraph()
        guard let graph = approximate?.graph, count > 0 else { return }
        let given = queries.flatMap { $0.count > 0 ? $0 : nil }
        if let given { try check(given, nil) }
        let slots = given == nil ? remoteSlots() : []
        let sample = given ?? rows(in: slots)
        let trial = Trial(without: slots, graph, rows, live)
        let prepared = prepare(sample)
        var points: [LearnedDepth.Point] = []
        for limit in limits where limit == limits.first || limit * 4 <= count {
            // The more rows are wanted, the less one query's recall varies.
            let some = Array(limit > 32 ? prepared.prefix(256) : prepared[...])
            let wanted = exact(some, trial, limit: limit)
            let ladder = LearnedDepth.ladder(
                from: limit / 8, to: min(keys.slotCount, max(4096, limit * 16)))
            points.append(
                LearnedDepth.leastPoint(ladder, target: target) { depth in
                    point(trial, some, wanted, limit: limit, depth: depth)
                })
        }
        let learned = LearnedDepth(
            target: target, points: points, queryCount: sample.count,
            isFromQueries: given != nil, rowCount: count)
        approximate?.learned = learned
        approximate?.changes = 0
    }

    /// Does what changes put off, where a tenth of the rows changed since it was last done: leads every
    /// edge past removed rows, so that their slots are free, and learns the depth anew from the rows as
    /// they are now, for the recall that was asked for before.
    ///
    /// Saving an index does it, too.
    ///
    /// - Returns: whether it was due, and done; damaged rows put it off.
    /// - Complexity: that of `learnDepth`, and O(count · degree).
    @discardableResult
    public mutating func keepUp() -> Bool {
        guard isLearningDue, rows.isIntact else { return false }
        free += approximate?.graph.finishSweep(rows: rows) ?? []
        let known = learnedDepth
        let limits = known?.points.map(\.limit) ?? []
        do throws(IndexError) {
            try learnDepth(
                target: known?.target ?? 0.98, limits: limits.isEmpty ? [10, 100] : limits)
        } catch {
            // The file has been damaged since; searches tell.
            return false
        }
        return true
    }

    /// The quarter of some rows whose tenth neighbour is farthest.
    ///
    /// A row often has its own kind beside it, other sentences of its page for instance, which makes it
    /// easier to find than what a query asks for.
    private func remoteSlots() -> [Int] {
        let some = someSlots(min(2048, max(1, count / 2)))
        // One more, because a row finds itself.
        var nearest = empty(some.count, limit: 11, minimum: -.infinity)
        rows.scan(
            prepare(rows(in: some)), slots: 0..<keys.slotCount, allowed: allowed(nil),
            nearest: &nearest)
        let tenths = nearest.map { $0.sorted().last?.score ?? 0 }
        let order = some.indices.sorted { (left: Int, right: Int) -> Bool in
            tenths[left] != tenths[right]
                ? tenths[left] < tenths[right] : some[left] < some[right]
        }
        return order.prefix(max(1, some.count / 4)).map { some[$0] }
    }

    private func exact(
        _ queries: [RowQuery], _ trial: Trial, limit: Int
    ) -> [[Nearest.Entry]] {
        var nearest = empty(queries.count, limit: limit, minimum: -.infinity)
        rows.scan(queries, slots: 0..<keys.slotCount, allowed: trial.allowed, nearest: &nearest)
        return nearest.map { $0.sorted() }
    }

    private func point(
        _ trial: Trial, _ queries: [RowQuery], _ wanted: [[Nearest.Entry]], limit: Int, depth: Int
    ) -> LearnedDepth.Point {
        let keys = keys
        var (sum, squares, estimates) = (0.0, 0.0, 0)
        for (query, wanted) in zip(queries, wanted) {
            var found = Nearest(limit: limit) { keys[$0] < keys[$1] }
            let effort = trial.graph.search(
                query, in: rows, depth: depth, allowed: trial.allowed, nearest: &found)
            estimates += effort?.estimates ?? 0
            // A query that codes say nothing of is answered exactly.
            let share = effort == nil ? 1 : found.share(of: wanted)
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

/// A graph to try queries on, and the slots that count.
private struct Trial {
    private(set) var graph: VectorGraph
    private(set) var allowed: SlotSet

    /// Without some rows: a row lies where edges were laid for it, so it is no query while it is there.
    init(without slots: [Int], _ graph: VectorGraph, _ rows: CodedRows, _ live: SlotSet) {
        (self.graph, allowed) = (graph, live)
        guard !slots.isEmpty else { return }
        for slot in slots {
            _ = self.graph.remove(slot: slot, rows: rows)
            allowed.set(slot, false)
        }
        _ = self.graph.finishSweep(rows: rows)
    }
}

extension Nearest {
    /// The share of the exact answer that was found; where equal scores reach across its end, any of
    /// them will do.
    fileprivate func share(of wanted: [Entry]) -> Double {
        guard let last = wanted.last else { return 1 }
        let hits = sorted().count { $0.score >= last.score }
        return min(1, Double(hits) / Double(wanted.count))
    }
}
