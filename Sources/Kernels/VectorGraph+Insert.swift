internal import CKernels

extension VectorGraph {
    /// Takes in the row in a slot.
    ///
    /// - Precondition: the rows are coded, the slot was written, and is not in the graph: never was,
    ///   or was released.
    /// - Complexity: that of a search of `buildDepth`, and about `degree` small changes.
    public mutating func insert(slot: Int, rows: CodedRows, using kernels: CodeKernels = .current) {
        guard let planes = rows.codes else { preconditionFailure("rows without codes") }
        if slot >= slotCount { resize(to: slot + 1) }
        guard planes.headers(from: slot).pointee.residual.isFinite else {
            outside.set(slot, true)
            return
        }
        withExtendedLifetime(rows) {
            let spaces = spaces
            let width = parameters.buildWidth
            spaces.with(slotCount: slotCount, depth: width, stride: planes.stride) { space in
                planes.withSlabs { slabs in
                    link(UInt32(slot), space, slabs, kernels.table)
                }
            }
        }
        offerEntry(UInt32(slot))
    }

    /// How many entries a graph of so many rows has: enough that some are near most queries, few
    /// enough to look at all of them.
    static func entryCount(of count: Int) -> Int {
        max(32, min(4096, Int(Double(count).squareRoot() / 4)))
    }

    /// Keeps the entries a uniform sample of the rows that came.
    ///
    /// - Source: Vitter, Random Sampling with a Reservoir, 1985 (algorithm R).
    private mutating func offerEntry(_ slot: UInt32) {
        draws &+= 1
        var mixed = (parameters.seed ^ draws) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed ^= mixed >> 27
        if entries.count < VectorGraph.entryCount(of: slotCount) {
            entries.append(slot)
        } else if mixed % UInt64(slotCount) < UInt64(entries.count) {
            entries[Int(mixed >> 32) % entries.count] = slot
        }
    }

    /// Gives a row its edges, and its neighbours theirs to it.
    mutating func link(
        _ slot: UInt32, _ space: GraphBuffers, _ slabs: UnsafePointer<ck_code_slabs>,
        _ table: ck_code_kernels
    ) {
        let pruning = GraphPruning(
            space: space, slabs: slabs, table: table, parameters: parameters)
        var candidates: [GraphCandidate] = []
        var walk = GraphWalk(
            space, slabs, table, depth: parameters.buildDepth, width: parameters.buildWidth)
        walk.exclude(slot)
        var query = slabs.query(slot, space, table)
        walk.run(&query, edges, entries: entries)
        walk.clear()
        candidates.reserveCapacity(walk.count)
        for place in 0..<walk.count {
            let packed = space.pool[place]
            let found = GraphWalk.slot(packed)
            if sweep.count > 0, sweep.contains(Int(found)) { continue }
            candidates.append(
                GraphCandidate(distance: -GraphWalk.estimate(packed), slot: found, of: slot))
        }
        candidates.sort(by: GraphCandidate.isBefore)
        let row = mutableRow(slot)
        row[0] = UInt32(pruning.choose(candidates, into: row + 1))
        for place in 0..<Int(row[0]) { connect(row[1 + place], to: slot, pruning) }
    }

    /// Adds an edge; where there is no room, the row's edges are chosen anew.
    mutating func connect(_ slot: UInt32, to other: UInt32, _ pruning: GraphPruning) {
        let row = mutableRow(slot)
        let count = Int(row[0])
        for place in 0..<count where row[1 + place] == other { return }
        if count < parameters.capacity {
            row[1 + count] = other
            row[0] = UInt32(count + 1)
            return
        }
        var candidates: [GraphCandidate] = []
        candidates.reserveCapacity(count + 1)
        pruning.candidates(of: slot, row + 1, count, into: &candidates)
        var last = other
        pruning.candidates(of: slot, &last, 1, into: &candidates)
        if sweep.count > 0 { candidates.removeAll { sweep.contains(Int($0.slot)) } }
        candidates.sort(by: GraphCandidate.isBefore)
        row[0] = UInt32(pruning.choose(candidates, into: row + 1))
    }
}
