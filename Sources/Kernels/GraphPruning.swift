internal import CKernels

/// A row that may become a neighbour of another, with what the codes say of their squared distance.
struct GraphCandidate {
    let distance: Float
    let slot: UInt32
    /// Orders equal distances anew for each row, so that equal rows do not all choose the same few.
    let tie: UInt32

    init(distance: Float, slot: UInt32, of owner: UInt32) {
        // Estimates of equal rows may lie on the wrong side of 0.
        self.distance = max(0, distance)
        self.slot = slot
        var mixed = (slot ^ owner &* 0x9E37_79B9) &* 0x85EB_CA6B
        mixed = (mixed ^ mixed >> 15) &* 0xC2B2_AE35
        tie = mixed ^ mixed >> 16
    }

    static func isBefore(_ left: GraphCandidate, _ right: GraphCandidate) -> Bool {
        left.distance != right.distance
            ? left.distance < right.distance
            : left.tie != right.tie ? left.tie < right.tie : left.slot < right.slot
    }
}

/// Chooses neighbours: near ones, but none that a chosen one is much nearer to than the row itself.
struct GraphPruning {
    let space: GraphBuffers
    let slabs: UnsafePointer<ck_code_slabs>
    let table: ck_code_kernels
    let parameters: VectorGraph.Parameters

    /// Chooses among candidates in order.
    ///
    /// - Parameters:
    ///   - candidates: sorted by `isBefore`, each slot once, without the row itself.
    ///   - chosen: room for `degree` slots.
    /// - Returns: how many were chosen.
    func choose(
        _ candidates: [GraphCandidate], into chosen: UnsafeMutablePointer<UInt32>
    ) -> Int {
        let factor = parameters.alpha * parameters.alpha
        var count = 0
        var skipped: [UInt32] = []
        let least = min(parameters.degree, max(2, parameters.degree / 4))
        for candidate in candidates {
            if count == parameters.degree { break }
            if isCovered(candidate, chosen, count, factor) {
                if skipped.count < least { skipped.append(candidate.slot) }
            } else {
                chosen[count] = candidate.slot
                count += 1
            }
        }
        // Among equal rows one would cover all others: some edges more keep them within reach.
        for slot in skipped where count < least {
            chosen[count] = slot
            count += 1
        }
        return count
    }

    private func isCovered(
        _ candidate: GraphCandidate, _ chosen: UnsafePointer<UInt32>, _ count: Int, _ factor: Float
    ) -> Bool {
        guard count > 0 else { return false }
        var query = slabs.query(candidate.slot, space, table)
        let estimates = space.estimates
        for start in stride(from: 0, to: count, by: 8) {
            let rows = min(8, count - start)
            table.estimate_rows_u4(&query, slabs, chosen + start, rows, estimates)
            for place in 0..<rows where -estimates[place] * factor <= candidate.distance {
                return true
            }
        }
        return false
    }

    /// The squared distances of one row from others.
    func candidates(
        of slot: UInt32, _ others: UnsafePointer<UInt32>, _ count: Int,
        into candidates: inout [GraphCandidate]
    ) {
        var query = slabs.query(slot, space, table)
        for start in stride(from: 0, to: count, by: GraphSpace.blockRows) {
            let rows = min(GraphSpace.blockRows, count - start)
            table.estimate_rows_u4(&query, slabs, others + start, rows, space.estimates)
            for place in 0..<rows where others[start + place] != slot {
                candidates.append(
                    GraphCandidate(
                        distance: -space.estimates[place], slot: others[start + place], of: slot))
            }
        }
    }
}
