internal import CKernels

/// One query's rows that passed the gate, on their way to an f32 score.
///
/// While rows are read, only the most promising ones are scored, to raise the threshold; the rest
/// wait in a pool, and at the end most of them fail the final threshold without having been read.
struct Candidates {
    // The bound in an order of whole numbers above, the slot below.
    private var pool: [UInt64] = []
    /// How many at the pool's front have been through a probe.
    private var probed = 0
    private var pointers: [UnsafePointer<Float>?] = []
    private var scores: [Float] = []
    private var group: [UInt32] = []

    private static let groupSize = 16

    /// Takes in what a gate let through: rows counted from `start` on with their bounds.
    mutating func add(
        _ found: ArraySlice<UInt32>, _ bounds: ArraySlice<Float>, from start: Int,
        _ allowed: SlotSet?
    ) {
        for (row, bound) in zip(found, bounds) {
            let slot = start + Int(row)
            if let allowed, !allowed.contains(slot) { continue }
            pool.append(UInt64(Candidates.order(bound)) << 32 | UInt64(slot))
        }
    }

    /// Scores the most promising newcomers, to raise the threshold.
    mutating func probe(
        _ query: RowQuery, _ rows: CodedRows, _ table: ck_code_kernels, floor: SharedThreshold?,
        _ nearest: inout Nearest
    ) {
        dropNewcomers(below: max(nearest.threshold, floor?.value ?? -.infinity))
        let count = pool.count - probed
        guard count > 0 else { return }
        if nearest.room > 0 || count <= Candidates.groupSize {
            let taken = min(count, max(nearest.room, Candidates.groupSize))
            if taken < count { moveGreatestToEnd(taken) }
            group.removeAll(keepingCapacity: true)
            for packed in pool.suffix(taken) { group.append(UInt32(truncatingIfNeeded: packed)) }
            pool.removeLast(taken)
        } else {
            takeUpperPart(above: max(nearest.threshold, floor?.value ?? -.infinity))
        }
        score(group[...], query, rows, table, &nearest)
        dropNewcomers(below: max(nearest.threshold, floor?.value ?? -.infinity))
        probed = pool.count
    }

    /// Scores what is left but for the rows whose bound the threshold has passed.
    ///
    /// The threshold is near its end by now, so order would spare little but the very best first.
    mutating func finish(
        _ query: RowQuery, _ rows: CodedRows, _ table: ck_code_kernels, floor: SharedThreshold?,
        _ nearest: inout Nearest
    ) {
        probed = 0
        probe(query, rows, table, floor: floor, &nearest)
        var next = 0
        while next < pool.count {
            let least = Candidates.least(max(nearest.threshold, floor?.value ?? -.infinity))
            group.removeAll(keepingCapacity: true)
            while next < pool.count, group.count < Candidates.groupSize {
                if pool[next] >= least { group.append(UInt32(truncatingIfNeeded: pool[next])) }
                next += 1
            }
            score(group[...], query, rows, table, &nearest)
        }
        pool.removeAll(keepingCapacity: true)
    }

    /// Scores rows in f32 and offers them.
    mutating func score(
        _ slots: ArraySlice<UInt32>, _ query: RowQuery, _ rows: CodedRows,
        _ table: ck_code_kernels, _ nearest: inout Nearest
    ) {
        let count = slots.count
        guard count > 0 else { return }
        if scores.count < count {
            scores = [Float](repeating: 0, count: count)
            pointers = [UnsafePointer<Float>?](repeating: nil, count: count)
        }
        for (place, slot) in slots.enumerated() {
            if !rows.rows.isIntact(Int(slot)) { nearest.metDamage = true }
            pointers[place] = rows.pointer(Int(slot))
        }
        switch rows.scoring {
        case .innerProduct:
            table.dots_rows_f32(query.values, pointers, rows.dimension, count, &scores)
        case .negatedSquaredDistance:
            table.distances_rows_f32(query.values, pointers, rows.dimension, count, &scores)
        }
        nearest.evaluations += count
        var threshold = nearest.threshold
        for (place, slot) in slots.enumerated() where scores[place] >= threshold {
            nearest.insert(slot: Int(slot), score: scores[place])
            threshold = nearest.threshold
        }
    }

    private mutating func dropNewcomers(below threshold: Float) {
        let least = Candidates.least(threshold)
        let first = probed
        let kept = pool.withUnsafeMutableBufferPointer { pool in
            // Without a branch, because nothing predicts it.
            var kept = first
            for place in first..<pool.count {
                let packed = pool[place]
                pool[kept] = packed
                kept += packed >= least ? 1 : 0
            }
            return kept
        }
        pool.removeLast(pool.count - kept)
    }

    /// Moves the newcomers into the group whose bounds lie in the upper third between a threshold and
    /// the greatest bound.
    private mutating func takeUpperPart(above threshold: Float) {
        let first = probed
        let size = pool.count
        group = [UInt32](unsafeUninitializedCapacity: size - first) { group, taken in
            pool.withUnsafeMutableBufferPointer { pool in
                let least = Candidates.least(threshold) >> 32
                var greatest = least
                for place in first..<size { greatest = max(greatest, pool[place] >> 32) }
                let cut = (greatest - (greatest - least) / 3) << 32
                var kept = first
                for place in first..<size {
                    let packed = pool[place]
                    let isTaken = packed >= cut
                    group[taken] = UInt32(truncatingIfNeeded: packed)
                    pool[kept] = packed
                    taken += isTaken ? 1 : 0
                    kept += isTaken ? 0 : 1
                }
            }
        }
        pool.removeLast(group.count)
    }

    /// Puts the `count` greatest newcomers to the end, in no order.
    private mutating func moveGreatestToEnd(_ count: Int) {
        let target = pool.count - count
        var (low, high) = (probed, pool.count - 1)
        while low < high {
            let pivot = pool[low + (high - low) / 2]
            var (left, right) = (low, high)
            while left <= right {
                while pool[left] < pivot { left += 1 }
                while pool[right] > pivot { right -= 1 }
                if left <= right {
                    pool.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if target <= right {
                high = right
            } else if target >= left {
                low = left
            } else {
                return
            }
        }
    }

    /// The least packed candidate whose bound reaches a threshold.
    private static func least(_ threshold: Float) -> UInt64 {
        UInt64(order(threshold)) << 32
    }

    /// A whole number that rises with the value; what is no number comes last.
    private static func order(_ value: Float) -> UInt32 {
        guard !value.isNaN else { return .max }
        let bits = (value + 0).bitPattern
        return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
    }
}
