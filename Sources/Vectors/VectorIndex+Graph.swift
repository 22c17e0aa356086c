public import Kernels
internal import Synchronization

/// The approximate half of an index.
struct ApproximateHalf: Sendable {
    var graph: VectorGraph
    var learned: LearnedDepth?
    /// Rows put or removed since the depth was learnt.
    var changes = 0
    /// What is known of a graph that lies in a file; nil for one that was made here.
    var check: GraphCheck?
}

/// Whether a graph that lies in a file may be followed: looked at once, when it is first needed.
final class GraphCheck: Sendable {
    // 0 unknown, 1 sound, 2 not; two threads that look at once find the same.
    private let state = Atomic<UInt8>(0)

    func isSound(_ graph: VectorGraph, _ rows: CodedRows) -> Bool {
        let known = state.load(ordering: .relaxed)
        guard known == 0 else { return known == 1 }
        let isSound = !rows.hasLostItsFile && rows.areCodesIntact && graph.isSound
        state.store(isSound ? 1 : 2, ordering: .relaxed)
        return isSound
    }
}

extension KeyedVectorIndex {
    /// The graph, where there is one.
    public var graph: VectorGraph? { approximate?.graph }

    /// What was learnt of the graph's recall.
    public var learnedDepth: LearnedDepth? { approximate?.learned }

    /// Whether the depth should be learnt anew: it never was, or the rows have changed since.
    public var isLearningDue: Bool {
        guard isGraphSound, let approximate else { return false }
        return approximate.learned?.isStale(rowCount: count, changes: approximate.changes) ?? true
    }

    /// Whether there is a graph, and its file is what was written; else searches are exact.
    ///
    /// - Complexity: O(count · (dimension + degree)) at the first touch of one that lies in a file.
    public var isGraphSound: Bool {
        guard let approximate else { return false }
        return approximate.check?.isSound(approximate.graph, rows) ?? true
    }

    /// A graph that is not what was written is not kept up, but dropped.
    mutating func dropUnsoundGraph() {
        if approximate != nil, !isGraphSound { dropGraph() }
    }

    /// Builds a graph over the rows and learns how deep searches must go; from then on every change
    /// keeps it.
    ///
    /// Searches that ask for an exact answer stay exact; those that name a method may go through the
    /// graph.
    ///
    /// - Parameters:
    ///   - parameters: what shapes the graph.
    ///   - target: the recall that is learnt for.
    ///   - progress: called with the number of slots done.
    /// - Throws: `.damaged`.
    /// - Complexity: O(count) inserts, each about as costly as a search.
    public mutating func buildGraph(
        parameters: VectorGraph.Parameters = VectorGraph.Parameters(), target: Double = 0.98,
        progress: (Int) -> Void = { _ in }
    ) throws(IndexError) {
        guard rows.isIntact else { throw .damaged }
        dropGraph()
        code()
        guard rows.isCoded else { return }
        var graph = VectorGraph(parameters: parameters)
        // Some rows come last: until then they are queries that the graph has not seen.
        let held = sample()
        for slot in 0..<keys.slotCount where live.contains(slot) && !held.contains(slot) {
            graph.insert(slot: slot, rows: rows)
            if slot % 256 == 0 { progress(slot) }
        }
        // Slots at the end that are out of use have their rows without edges too.
        graph.extend(to: keys.slotCount)
        let learned = learnedDepth(
            of: graph, target: target, queries: queries(in: held), among: live.subtracting(held))
        for slot in held.slots { graph.insert(slot: slot, rows: rows) }
        approximate = ApproximateHalf(graph: graph, learned: learned)
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
    ///   - queries: recent ones, best many hundred; where there are none, some of the index's own rows
    ///     are taken out of a copy of the graph and stand in.
    /// - Throws: `.dimension`, `.notFinite`, `.damaged`.
    /// - Complexity: that of one exact search a query, and some ten searches through the graph.
    public mutating func learnDepth(
        target: Double = 0.98, queries: FloatRows? = nil
    ) throws(IndexError) {
        guard rows.isIntact else { throw .damaged }
        dropUnsoundGraph()
        guard var graph = approximate?.graph, count > 0 else { return }
        let learned: LearnedDepth?
        if let queries, queries.count > 0 {
            try check(queries, nil)
            learned = learnedDepth(
                of: graph, target: target, queries: prepare(queries), among: live)
        } else {
            let held = sample()
            for slot in held.slots { _ = graph.remove(slot: slot, rows: rows) }
            learned = learnedDepth(
                of: graph, target: target, queries: self.queries(in: held),
                among: live.subtracting(held))
        }
        approximate?.learned = learned
        approximate?.changes = 0
    }

    /// For how many rows wanted a depth is learnt.
    private static var learnedLimits: [Int] { [10, 100] }
    /// How many rows stand in for queries.
    private static var sampleSize: Int { 512 }

    private func learnedDepth(
        of graph: VectorGraph, target: Double, queries: [RowQuery], among slots: SlotSet
    ) -> LearnedDepth? {
        guard !queries.isEmpty, slots.count > 0 else { return nil }
        var points: [LearnedDepth.Point] = []
        for limit in Self.learnedLimits where points.isEmpty || limit * 4 <= slots.count {
            var exact = empty(queries.count, limit: limit, minimum: -.infinity)
            rows.scan(queries, slots: 0..<keys.slotCount, allowed: slots, nearest: &exact)
            let ladder = LearnedDepth.ladder(
                from: limit, to: min(keys.slotCount, max(4096, limit * 16)))
            points.append(
                LearnedDepth.leastPoint(ladder, target: target) { depth in
                    point(graph, queries, exact, among: slots, limit: limit, depth: depth)
                })
        }
        return LearnedDepth(
            target: target, points: points, queryCount: queries.count, rowCount: count)
    }

    /// Some rows, the same for equal states; at most a quarter of all.
    private func sample() -> SlotSet {
        var sample = SlotSet()
        guard count >= 4 else { return sample }
        var state = UInt64(keys.slotCount)
        while sample.count < min(Self.sampleSize, count / 4) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let slot = Int(state >> 33) % keys.slotCount
            if live.contains(slot) { sample.set(slot, true) }
        }
        return sample
    }

    /// Rows as queries.
    private func queries(in slots: SlotSet) -> [RowQuery] {
        slots.slots.map { RowQuery(rows[$0], for: rows) }
    }

    private func point(
        _ graph: VectorGraph, _ queries: [RowQuery], _ exact: [Nearest], among allowed: SlotSet,
        limit: Int, depth: Int
    ) -> LearnedDepth.Point {
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
