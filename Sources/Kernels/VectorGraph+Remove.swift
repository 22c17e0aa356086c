internal import CKernels

extension VectorGraph {
    /// How many of the rows nearest to a removed one take its place in others' edges.
    private static let replacements = 50
    /// How many rows the sweep goes on with each removal: the rows of one slab.
    private static let sweepStep = 64

    /// Takes the row in a slot out: rows that led to it lead to its neighbours instead.
    ///
    /// What cannot be found from here still leads to it, so the slot keeps its edges, and its row must
    /// stay as it is, until it is released; searches follow it and never return it.
    ///
    /// - Parameters:
    ///   - slot: a slot in the graph.
    ///   - rows: those that the graph is of.
    ///   - kernels: an instruction set to force, for tests.
    /// - Returns: slots that are released: no edge leads to them, and other rows may be written there.
    /// - Complexity: that of a search of `buildDepth`, and about `degree` small changes.
    public mutating func remove(
        slot: Int, rows: CodedRows, using kernels: CodeKernels = .current
    ) -> [Int] {
        precondition(slot >= 0 && slot < slotCount && !sweep.contains(slot), "no such row")
        if outside.contains(slot) {
            outside.set(slot, false)
            return [slot]
        }
        return change(rows, kernels) { graph, space, slabs, table in
            let pruning = GraphPruning(
                space: space, slabs: slabs, table: table, parameters: graph.parameters)
            graph.bypass(UInt32(slot), pruning)
            return graph.sweep(VectorGraph.sweepStep, pruning)
        }
    }

    /// Looks through all rows for edges that lead to removed ones.
    ///
    /// - Returns: all slots that were waiting for it.
    /// - Complexity: O(slots · degree).
    public mutating func finishSweep(
        rows: CodedRows, using kernels: CodeKernels = .current
    ) -> [Int] {
        var released: [Int] = []
        while sweep.count > 0 {
            released += change(rows, kernels) { graph, space, slabs, table in
                let pruning = GraphPruning(
                    space: space, slabs: slabs, table: table, parameters: graph.parameters)
                return graph.sweep(max(1, graph.slotCount), pruning)
            }
        }
        return released
    }

    private mutating func change<Result>(
        _ rows: CodedRows, _ kernels: CodeKernels,
        _ body: (
            inout VectorGraph, GraphBuffers, UnsafePointer<ck_code_slabs>, ck_code_kernels
        ) -> Result
    ) -> Result {
        guard let planes = rows.codes else { preconditionFailure("rows without codes") }
        return withExtendedLifetime(rows) {
            let spaces = spaces
            return spaces.with(
                slotCount: slotCount, depth: parameters.buildWidth, stride: planes.stride
            ) { space in
                planes.withSlabs { body(&self, space, $0, kernels.table) }
            }
        }
    }

    private mutating func bypass(_ slot: UInt32, _ pruning: GraphPruning) {
        let space = pruning.space
        var walk = GraphWalk(
            space, pruning.slabs, pruning.table, depth: parameters.buildDepth,
            width: parameters.buildWidth)
        var query = pruning.slabs.query(slot, space, pruning.table)
        walk.run(&query, edges, entries: entries)
        walk.clear()
        sweep.waiting.set(Int(slot), true)
        let met = (0..<walk.count).map { GraphWalk.slot(space.pool[$0]) }
        let near = Array(
            met.filter { !sweep.contains(Int($0)) }.prefix(VectorGraph.replacements))
        for row in met where row != slot && !sweep.contains(Int(row)) {
            guard drop([slot], from: row) else { continue }
            for other in nearest(to: row, among: near, pruning) { connect(row, to: other, pruning) }
        }
        // What the row led to may have been reached through it alone.
        for other in neighbours(of: Int(slot)).map(UInt32.init)
        where !sweep.contains(Int(other)) {
            for row in nearest(to: other, among: near, pruning) {
                connect(row, to: other, pruning)
            }
        }
        if let place = entries.firstIndex(of: slot) { replaceEntry(place, near) }
    }

    private mutating func replaceEntry(_ place: Int, _ near: [UInt32]) {
        if let other = near.first(where: { !entries.contains($0) }) {
            entries[place] = other
            return
        }
        entries.remove(at: place)
        guard entries.isEmpty else { return }
        // The last one: any row will do.
        let other = (0..<UInt32(slotCount)).first { row($0)[0] > 0 && !sweep.contains(Int($0)) }
        if let other { entries.append(other) }
    }

    /// Drops edges; false where there were none.
    private mutating func drop(_ slots: [UInt32], from row: UInt32) -> Bool {
        let old = self.row(row)
        guard (0..<Int(old[0])).contains(where: { slots.contains(old[1 + $0]) }) else {
            return false
        }
        let edges = mutableRow(row)
        var kept = 0
        for place in 0..<Int(edges[0]) where !slots.contains(edges[1 + place]) {
            edges[1 + kept] = edges[1 + place]
            kept += 1
        }
        edges[0] = UInt32(kept)
        return true
    }

    /// The three of some rows that are nearest to one.
    private func nearest(
        to slot: UInt32, among others: [UInt32], _ pruning: GraphPruning
    ) -> [UInt32] {
        var candidates: [GraphCandidate] = []
        candidates.reserveCapacity(others.count)
        pruning.candidates(of: slot, others, others.count, into: &candidates)
        var best: [UInt32] = []
        while best.count < 3,
            let next = candidates.indices.min(by: {
                GraphCandidate.isBefore(candidates[$0], candidates[$1])
            })
        {
            best.append(candidates.remove(at: next).slot)
        }
        return best
    }

    /// Goes on with the pass over all rows; says which slots are released by it.
    private mutating func sweep(_ limit: Int, _ pruning: GraphPruning) -> [Int] {
        guard sweep.count > 0 else { return [] }
        if sweep.position == 0, sweep.leaving.count == 0 {
            swap(&sweep.leaving, &sweep.waiting)
        }
        let end = min(slotCount, sweep.position + limit)
        for slot in UInt32(sweep.position)..<UInt32(end) { mend(slot, pruning) }
        sweep.position = end
        guard end == slotCount else { return [] }
        let released = sweep.leaving.slots
        for slot in released { mutableRow(UInt32(slot))[0] = 0 }
        sweep = GraphSweep(waiting: sweep.waiting)
        return released
    }

    /// Leads a row's edges past removed rows.
    private mutating func mend(_ slot: UInt32, _ pruning: GraphPruning) {
        let row = self.row(slot)
        var gone: [UInt32] = []
        for place in 0..<Int(row[0]) where sweep.contains(Int(row[1 + place])) {
            gone.append(row[1 + place])
        }
        guard !gone.isEmpty, drop(gone, from: slot), !sweep.contains(Int(slot)) else { return }
        for other in gone {
            let ends = neighbours(of: Int(other)).map(UInt32.init).filter {
                !sweep.contains(Int($0))
            }
            if let next = nearest(to: slot, among: ends, pruning).first {
                connect(slot, to: next, pruning)
            }
        }
    }
}
