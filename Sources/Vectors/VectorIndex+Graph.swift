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
    // 0 unknown, 1 sound, 2 not; two threads that look at once find the same. Whoever is told of it
    // reads what another thread brought into memory, and asks no slab first.
    private let state = Atomic<UInt8>(0)

    func isSound(_ graph: VectorGraph, _ rows: CodedRows) -> Bool {
        let known = state.load(ordering: .acquiring)
        guard known == 0 else { return known == 1 }
        let isSound = !rows.hasLostItsFile && rows.areCodesIntact && graph.isSound
        state.store(isSound ? 1 : 2, ordering: .releasing)
        return isSound
    }
}

extension KeyedVectorIndex {
    /// The graph, where there is one.
    public var graph: VectorGraph? { approximate?.graph }

    /// What was learnt of the graph's recall.
    public var learnedDepth: LearnedDepth? { approximate?.learned }

    /// Whether the depth should be learnt anew: it never was, or the rows have changed since.
    ///
    /// `keepUp` does it.
    public var isLearningDue: Bool {
        guard isGraphSound, let approximate else { return false }
        return approximate.learned?.isStale(rowCount: count, changes: approximate.changes) ?? true
    }

    /// How many rows were put or removed since the depth was learnt.
    public var changesSinceLearning: Int { approximate?.changes ?? 0 }

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
        for slot in 0..<keys.slotCount where live.contains(slot) {
            graph.insert(slot: slot, rows: rows)
            if slot % 256 == 0 { progress(slot) }
        }
        // Slots at the end that are out of use have their rows without edges too.
        graph.extend(to: keys.slotCount)
        approximate = ApproximateHalf(graph: graph)
        try learnDepth(target: target)
    }

    /// Drops the graph; slots that waited for its sweep are free.
    public mutating func dropGraph() {
        guard let graph = approximate?.graph else { return }
        free += graph.waitingSlots
        approximate = nil
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
