internal import CKernels

/// One query's rows that passed the gate, on their way to an f32 score.
///
/// While rows are read, only the most promising ones are scored, to raise the threshold; the rest
/// wait in a pool, and at the end most of them fail the final threshold without having been read.
struct Candidates {
    // The bound in an order of whole numbers above, the slot below; room for more than `count`.
    private var pool: [UInt64] = []
    private var count = 0
    /// How many at the pool's front have been through a probe.
    private var probed = 0
    // Those that are scored next; room for as many as the pool has.
    private var group: [UInt32] = []
    private var scorer = RowScorer()

    private static let firstRoom = 1024
    /// How many are scored at the least, and how many between two looks at the threshold.
    private static let probeSize = 16
    private static let groupSize = 32

    /// Takes in what a gate let through: rows counted from `start` on with their bounds.
    mutating func add(
        _ found: [UInt32], _ bounds: [Float], _ range: Range<Int>, from start: Int,
        _ allowed: SlotSet?
    ) {
        precondition(range.upperBound <= min(found.count, bounds.count), "outside what was found")
        if pool.count - count < range.count {
            let more = max(range.count, pool.count, Candidates.firstRoom)
            pool.append(contentsOf: repeatElement(0, count: more))
            group = [UInt32](repeating: 0, count: pool.count)
        }
        var end = count
        pool.withUnsafeMutableBufferPointer { pool in
            found.withUnsafeBufferPointer { found in
                bounds.withUnsafeBufferPointer { bounds in
                    for place in range {
                        let slot = start &+ Int(found[place])
                        let order = UInt64(Candidates.order(bounds[place]))
                        pool[end] = order &<< 32 | UInt64(truncatingIfNeeded: slot)
                        end &+= allowed.map { $0.contains(slot) } ?? true ? 1 : 0
                    }
                }
            }
        }
        count = end
    }

    /// Scores the most promising newcomers, to raise the threshold, and drops those that it rules out.
    mutating func probe(
        _ query: RowQuery, _ rows: CodedRows, _ table: ck_code_kernels, floor: SharedThreshold?,
        _ nearest: inout Nearest
    ) {
        let newcomers = count - probed
        guard newcomers > 0 else { return }
        let taken: Int
        if nearest.room > 0 || newcomers <= Candidates.probeSize {
            taken = min(newcomers, max(nearest.room, Candidates.probeSize))
            takeGreatest(taken)
        } else {
            taken = takeUpperPart(above: max(nearest.threshold, floor?.value ?? -.infinity))
        }
        scorer.score(group[..<taken], query, rows, table, &nearest)
        dropNewcomers(below: max(nearest.threshold, floor?.value ?? -.infinity))
        probed = count
    }

    /// Scores what is left but for the rows whose bound the threshold has passed.
    ///
    /// The threshold is near its end by now, so order would spare little but the very best first.
    mutating func finish(
        _ query: RowQuery, _ rows: CodedRows, _ table: ck_code_kernels, floor: SharedThreshold?,
        _ nearest: inout Nearest
    ) {
        probed = 0
        dropNewcomers(below: max(nearest.threshold, floor?.value ?? -.infinity))
        probe(query, rows, table, floor: floor, &nearest)
        var next = 0
        while next < count {
            let least = Candidates.least(max(nearest.threshold, floor?.value ?? -.infinity))
            var size = 0
            while next < count, size < Candidates.groupSize {
                group[size] = UInt32(truncatingIfNeeded: pool[next])
                size &+= Candidates.oneIf(pool[next], reaches: least)
                next += 1
            }
            scorer.score(group[..<size], query, rows, table, &nearest)
        }
        count = 0
        probed = 0
    }

    private mutating func dropNewcomers(below threshold: Float) {
        let least = Candidates.least(threshold)
        let (first, end) = (probed, count)
        count = pool.withUnsafeMutableBufferPointer { pool in
            var kept = first
            for place in first..<end {
                let packed = pool[place]
                pool[kept] = packed
                kept &+= Candidates.oneIf(packed, reaches: least)
            }
            return kept
        }
    }

    /// Moves the newcomers into the group whose bounds lie in the upper third between a threshold and
    /// the greatest bound; returns how many.
    private mutating func takeUpperPart(above threshold: Float) -> Int {
        let (first, end) = (probed, count)
        let taken = group.withUnsafeMutableBufferPointer { group in
            pool.withUnsafeMutableBufferPointer { pool in
                let least = Candidates.least(threshold) >> 32
                var greatest = least
                for place in first..<end { greatest = max(greatest, pool[place] >> 32) }
                let cut = (greatest - (greatest - least) / 3) << 32
                var (kept, taken) = (first, 0)
                for place in first..<end {
                    let packed = pool[place]
                    let one = Candidates.oneIf(packed, reaches: cut)
                    group[taken] = UInt32(truncatingIfNeeded: packed)
                    pool[kept] = packed
                    taken &+= one
                    kept &+= 1 &- one
                }
                return taken
            }
        }
        count -= taken
        return taken
    }

    /// Moves the greatest newcomer of each of `taken` equal parts into the group: a selection of the
    /// greatest that costs a single pass.
    private mutating func takeGreatest(_ taken: Int) {
        let (first, newcomers) = (probed, count - probed)
        group.withUnsafeMutableBufferPointer { group in
            pool.withUnsafeMutableBufferPointer { pool in
                for part in 0..<taken {
                    let start = first + part * newcomers / taken
                    let end = first + (part + 1) * newcomers / taken
                    var (greatest, place) = (pool[start], start)
                    for other in start..<end where pool[other] > greatest {
                        (greatest, place) = (pool[other], other)
                    }
                    group[part] = UInt32(truncatingIfNeeded: greatest)
                    // Below every threshold; the next drop takes it away.
                    pool[place] = 0
                }
            }
        }
    }

    /// The least packed candidate whose bound reaches a threshold.
    private static func least(_ threshold: Float) -> UInt64 {
        UInt64(order(threshold)) << 32
    }

    /// 1 where a candidate's bound is not below another's, else 0: by arithmetic, because nothing would
    /// predict a branch.
    @inline(__always)
    private static func oneIf(_ packed: UInt64, reaches least: UInt64) -> Int {
        1 &- Int(truncatingIfNeeded: (packed &>> 32 &- least &>> 32) &>> 63)
    }

    /// A whole number that rises with the value; what is no number comes last.
    private static func order(_ value: Float) -> UInt32 {
        let bits = (value + 0).bitPattern
        // All bits of a negative number are turned, only the sign of others.
        let order = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
        return value.isNaN ? .max : order
    }
}
