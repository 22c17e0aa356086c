public import Kernels

extension KeyedVectorIndex {
    /// Measures what searches cost with these rows on this machine, and notes it in `costs`.
    ///
    /// Answers do not depend on it, only the way to them.
    ///
    /// - Parameters:
    ///   - queries: some to measure with; nil for some of the index's rows.
    ///   - clock: what tells the time.
    /// - Throws: `.dimension`, `.notFinite`.
    /// - Complexity: that of a few dozen exact searches.
    public mutating func measureCosts(
        queries: FloatRows? = nil, clock: some Clock<Duration> = ContinuousClock()
    ) throws(IndexError) {
        guard count > 0 else { return }
        let sample = queries.flatMap { $0.count > 0 ? $0 : nil } ?? rows(in: someSlots(8))
        try check(sample, nil)
        let prepared = prepare(sample)
        func least(_ body: () -> Void) -> Double {
            (0..<3).map { _ in clock.measure(body).nanoseconds }.min() ?? 0
        }
        func scan(_ queries: [RowQuery], _ allowed: SlotSet?) {
            var nearest = empty(queries.count, limit: 10, minimum: -.infinity)
            rows.scan(queries, slots: 0..<keys.slotCount, allowed: allowed, nearest: &nearest)
        }
        let (queryCount, slots) = (Double(prepared.count), Double(max(1, keys.slotCount)))
        var measured = costs
        measured.query = least { _ = prepare(sample) } / queryCount
        measured.floatRow = least { _ = rows.scores(of: prepared[0]) } / slots
        if rows.isCoded {
            measured.codedRow = least { prepared.forEach { scan([$0], nil) } } / queryCount / slots
            measured.batchedRow = least { scan(prepared, nil) } / queryCount / slots
            var some = SlotSet()
            for slot in stride(from: 0, to: keys.slotCount, by: 10) { some.set(slot, true) }
            measured.listedRow =
                least { prepared.forEach { scan([$0], some) } } / queryCount / Double(some.count)
        }
        if isGraphSound, let graph = approximate?.graph {
            var estimates = 0
            let time = least {
                estimates = 0
                for query in prepared {
                    var nearest = empty(1, limit: 10, minimum: -.infinity)
                    let effort = graph.search(
                        query, in: rows, depth: 100, allowed: allowed(nil), nearest: &nearest[0])
                    estimates += effort?.estimates ?? 0
                }
            }
            if estimates > 0 { measured.estimate = time / Double(estimates) }
        }
        costs = measured
    }
}

extension Duration {
    fileprivate var nanoseconds: Double {
        Double(components.seconds) * 1e9 + Double(components.attoseconds) * 1e-9
    }
}
