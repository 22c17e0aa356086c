internal import CKernels

extension VectorGraph {
    /// How many rows are kept for each that is wanted.
    private static let spare = 2.0
    /// The most rows that are scored at once.
    private static let groupSize = 16

    /// What a search through the graph did.
    public struct Effort: Sendable, Equatable {
        /// How many rows were followed.
        public var hops = 0
        /// How many rows were looked at.
        public var estimates = 0
        /// Whether the search gave up, because it had looked at more rows than it was granted.
        public var isCutShort = false
    }

    /// Looks for a query's nearest rows, and keeps those found.
    ///
    /// Each kept score has the bits that `CodedRows.scan` gives; that no nearer row was missed is
    /// likely, the more so the greater the depth, and not certain.
    ///
    /// - Parameters:
    ///   - query: made for these rows.
    ///   - rows: those that the graph is of.
    ///   - depth: how many of the best rows met are followed; more are kept than are wanted,
    ///     however few are followed.
    ///   - allowed: the slots that count; rows in others are followed and not kept. nil says all, but
    ///     for rows that were removed.
    ///   - estimates: how many rows are looked at before the search gives up.
    ///   - nearest: what was found, in and out.
    ///   - kernels: an instruction set to force, for tests.
    /// - Precondition: codes and edges that lie in a file are intact.
    /// - Returns: the effort; nil where the codes say nothing of this query, and nothing was looked
    ///   at.
    /// - Complexity: about O(depth · degree · dimension).
    public func search(
        _ query: RowQuery, in rows: CodedRows, depth: Int, allowed: SlotSet?,
        estimates: Int = .max, nearest: inout Nearest,
        using kernels: CodeKernels = .current
    ) -> Effort? {
        guard let planes = rows.codes, query.isCoded, rows.count >= slotCount else { return nil }
        let table = kernels.table
        var result = Effort()
        guard !(planes.plane.isMapped || edges.isMapped) || !rows.hasLostItsFile else {
            nearest.metDamage = true
            return result
        }
        let depth = max(1, min(depth, slotCount))
        let width = width(depth: depth, wanted: nearest.room, allowed)
        withExtendedLifetime((self, rows)) {
            spaces.with(slotCount: slotCount, depth: width, stride: planes.stride) { space in
                planes.withSlabs { slabs in
                    query.withCodes { codes in
                        var walk = GraphWalk(
                            space, slabs, table, depth: depth, width: width, limit: estimates)
                        withUnsafePointer(to: codes) { walk.run($0, edges, entries: entries) }
                        walk.clear()
                        result = Effort(
                            hops: walk.hops, estimates: walk.estimated,
                            isCutShort: walk.isCutShort)
                        rank(walk, query, rows, allowed, &nearest)
                    }
                }
            }
            scoreOutside(query, rows, allowed, table, &nearest)
        }
        return result
    }

    /// How many of the rows met are kept: more than are wanted, because the codes do not tell which
    /// of them are the nearest, and the more so the fewer of them count.
    private func width(depth: Int, wanted: Int, _ allowed: SlotSet?) -> Int {
        let passing = allowed.map { max(1, $0.count) } ?? slotCount
        let stretch = max(1, Double(slotCount) / Double(passing))
        let kept = VectorGraph.spare * Double(wanted) * stretch
        return max(depth, Int(min(kept, Double(slotCount)).rounded(.up)))
    }

    private func rank(
        _ walk: GraphWalk, _ query: RowQuery, _ rows: CodedRows, _ allowed: SlotSet?,
        _ nearest: inout Nearest
    ) {
        guard rows.rows.isMapped else {
            return rank(walk, query, rows, allowed, room: nil, &nearest)
        }
        withUnsafeTemporaryAllocation(
            byteCount: VectorGraph.groupSize * rows.rows.rowBytes, alignment: 64
        ) { rank(walk, query, rows, allowed, room: $0.baseAddress, &nearest) }
    }

    /// Scores the best of a walk in f32, as long as they may still be among the nearest.
    private func rank(
        _ walk: GraphWalk, _ query: RowQuery, _ rows: CodedRows, _ allowed: SlotSet?,
        room: UnsafeMutableRawPointer?, _ nearest: inout Nearest
    ) {
        // Three deviations of what codes leave over, were its directions random.
        let slack = 3 * query.residual / Float(rows.codes?.rotation.dimension ?? 1).squareRoot()
        let (space, slabs) = (walk.space, walk.slabs)
        var place = 0
        while place < walk.count {
            let threshold = nearest.threshold
            let group = max(8, min(nearest.room, VectorGraph.groupSize))
            var count = 0
            while place < walk.count, count < group {
                let packed = space.pool[place]
                let slot = GraphWalk.slot(packed)
                place += 1
                if let allowed {
                    if !allowed.contains(Int(slot)) { continue }
                } else if sweep.count > 0, sweep.contains(Int(slot)) {
                    continue
                }
                let bound = GraphWalk.estimate(packed) + slack * slabs.header(slot).pointee.residual
                if bound < threshold { continue }
                guard let row = fetch(slot, rows.rows, room, place: count) else {
                    nearest.metDamage = true
                    return
                }
                space.found[count] = slot
                space.rows[count] = row.assumingMemoryBound(to: Float.self)
                count += 1
            }
            offer(count, space, query, rows, walk.table, &nearest)
        }
    }

    /// Where a row is to be read; nil where it is damaged.
    private func fetch(
        _ slot: UInt32, _ rows: RowPlane, _ room: UnsafeMutableRawPointer?, place: Int
    ) -> UnsafeRawPointer? {
        if let room { return rows.fetch(Int(slot), into: room + place * rows.rowBytes) }
        let row = rows.row(Int(slot))
        ck_read_ahead(row, min(4096, rows.rowBytes))
        return row
    }

    private func scoreOutside(
        _ query: RowQuery, _ rows: CodedRows, _ allowed: SlotSet?, _ table: ck_code_kernels,
        _ nearest: inout Nearest
    ) {
        guard outside.count > 0 else { return }
        guard !rows.hasLostItsFile else {
            nearest.metDamage = true
            return
        }
        var scorer = RowScorer()
        let slots = allowed.map { outside.intersection($0) } ?? outside
        let listed = slots.slots.map(UInt32.init)
        scorer.score(listed[...], query, rows, table, &nearest)
    }

    private func offer(
        _ count: Int, _ space: GraphBuffers, _ query: RowQuery, _ rows: CodedRows,
        _ table: ck_code_kernels, _ nearest: inout Nearest
    ) {
        guard count > 0 else { return }
        let scores = space.estimates
        switch rows.scoring {
        case .innerProduct:
            table.dots_rows_f32(query.values, space.rows, rows.dimension, count, scores)
        case .negatedSquaredDistance:
            table.distances_rows_f32(query.values, space.rows, rows.dimension, count, scores)
        }
        nearest.evaluations += count
        for place in 0..<count {
            nearest.insert(slot: Int(space.found[place]), score: scores[place])
        }
    }
}
