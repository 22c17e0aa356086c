internal import CKernels

extension VectorGraph {
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
    ///   - depth: how many of the best rows met are followed; at least the number wanted.
    ///   - allowed: the slots that count; rows in others are followed and not kept. nil says all, but
    ///     for rows that were removed.
    ///   - estimates: how many rows are looked at before the search gives up.
    ///   - nearest: what was found, in and out.
    ///   - kernels: an instruction set to force, for tests.
    /// - Returns: the effort; nil where the codes say nothing of this query, and nothing was looked
    ///   at.
    /// - Complexity: about O(depth · degree · dimension).
    public func search(
        _ query: RowQuery, in rows: CodedRows, depth: Int, allowed: SlotSet?,
        estimates: Int = .max, nearest: inout Nearest,
        using kernels: CodeKernels = .current
    ) -> Effort? {
        guard let planes = rows.codes, query.isCoded, rows.count >= slotCount else { return nil }
        guard !rows.hasLostItsFile, !edges.hasLostItsFile else {
            nearest.metDamage = true
            return nil
        }
        let table = kernels.table
        var result = Effort()
        let depth = max(1, min(depth, slotCount))
        withExtendedLifetime((self, rows)) {
            let view = CodeView(planes, count: slotCount)
            spaces.with(slotCount: slotCount, depth: depth, stride: planes.stride) { space in
                view.withSlabs { slabs in
                    query.withCodes { codes in
                        var walk = GraphWalk(space, slabs, table, depth: depth, limit: estimates)
                        withUnsafePointer(to: codes) { walk.run($0, edges, entries: entries) }
                        walk.clear()
                        result = Effort(
                            hops: walk.hops, estimates: walk.estimated,
                            isCutShort: walk.isCutShort)
                        score(walk, query, rows, allowed, &nearest)
                    }
                }
            }
            scoreOutside(query, rows, allowed, table, &nearest)
        }
        return result
    }

    /// Scores the best of a walk in f32, as long as they may still be among the nearest.
    private func score(
        _ walk: GraphWalk, _ query: RowQuery, _ rows: CodedRows, _ allowed: SlotSet?,
        _ nearest: inout Nearest
    ) {
        // Three deviations of what codes leave over, were its directions random.
        let slack = 3 * query.residual / Float(rows.codes?.rotation.dimension ?? 1).squareRoot()
        let (space, slabs) = (walk.space, walk.slabs)
        var (place, group) = (0, max(8, nearest.room))
        while place < walk.count {
            let threshold = nearest.threshold
            var count = 0
            while place < walk.count, count < min(group, GraphSpace.blockRows) {
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
                let held = rows.rows.checkedRow(Int(slot))
                if !held.isIntact { nearest.metDamage = true }
                let row = held.start.assumingMemoryBound(to: Float.self)
                ck_read_ahead(row, min(4096, rows.dimension * MemoryLayout<Float>.stride))
                space.found[count] = slot
                space.rows[count] = row
                count += 1
            }
            offer(count, space, query, rows, walk.table, &nearest)
            group = 8
        }
    }

    private func scoreOutside(
        _ query: RowQuery, _ rows: CodedRows, _ allowed: SlotSet?, _ table: ck_code_kernels,
        _ nearest: inout Nearest
    ) {
        guard outside.count > 0 else { return }
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
