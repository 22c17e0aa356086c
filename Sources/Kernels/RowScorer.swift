internal import CKernels

/// Scores rows in f32 and offers them; keeps its buffers from one call to the next.
struct RowScorer {
    private var pointers: [UnsafePointer<Float>?] = []
    private var scores: [Float] = []

    /// Scores the rows in these slots.
    mutating func score(
        _ slots: ArraySlice<UInt32>, _ query: RowQuery, _ rows: CodedRows,
        _ table: ck_code_kernels, _ nearest: inout Nearest
    ) {
        let count = slots.count
        guard count > 0 else { return }
        if scores.count < count {
            scores = [Float](repeating: 0, count: max(count, 64))
            pointers = [UnsafePointer<Float>?](repeating: nil, count: max(count, 64))
        }
        slots.withUnsafeBufferPointer { slots in
            pointers.withUnsafeMutableBufferPointer { pointers in
                for place in 0..<count {
                    let row = rows.rows.checkedRow(Int(slots[place]))
                    if !row.isIntact { nearest.metDamage = true }
                    pointers[place] = row.start.assumingMemoryBound(to: Float.self)
                }
            }
            switch rows.scoring {
            case .innerProduct:
                table.dots_rows_f32(query.values, pointers, rows.dimension, count, &scores)
            case .negatedSquaredDistance:
                table.distances_rows_f32(query.values, pointers, rows.dimension, count, &scores)
            }
            nearest.evaluations += count
            scores.withUnsafeBufferPointer { scores in
                var threshold = nearest.threshold
                for place in 0..<count where scores[place] >= threshold {
                    nearest.insert(slot: Int(slots[place]), score: scores[place])
                    threshold = nearest.threshold
                }
            }
        }
    }
}
