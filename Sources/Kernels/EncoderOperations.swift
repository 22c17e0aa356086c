internal import CKernels

// The operations of a transformer encoder over ragged batches: the tokens of many texts stand in
// one block of rows, without padding. All of them write in place and allocate nothing large.

extension FloatRows {
    /// Adds the rows of `residual`, where given, then normalises each row to mean 0 and variance 1,
    /// scales it by `gain` and shifts it.
    ///
    /// - Source: Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450.
    public mutating func applyLayerNorm(
        adding residual: FloatRows? = nil, gain: MappedFloats, shift: MappedFloats,
        epsilon: Float, using set: InstructionSet? = nil
    ) {
        precondition(gain.count == dimension && shift.count == dimension, "gain of another width")
        precondition(residual.map { $0.values.count == values.count } ?? true, "other residuals")
        let (rows, width) = (count, dimension)
        let table = kernels(of: set)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            gain.withUnsafePointer { gain in
                shift.withUnsafePointer { shift in
                    let normalize = { (residual: UnsafePointer<Float>?) in
                        table.layer_norm_f32(base, residual, gain, shift, epsilon, rows, width)
                    }
                    guard let residual else { return normalize(nil) }
                    residual.values.withUnsafeBufferPointer { normalize($0.baseAddress) }
                }
            }
        }
    }

    /// The mean of each text's rows.
    ///
    /// - Parameter lengths: the number of rows of each text, in order; each at least 1.
    /// - Returns: one row for each text.
    /// - Precondition: the lengths add up to `count`.
    public func meanPooled(lengths: [Int]) -> FloatRows {
        precondition(lengths.reduce(0, +) == count, "lengths that do not cover the rows")
        precondition(lengths.allSatisfy { $0 > 0 }, "a text without rows")
        var pooled = FloatRows(dimension: dimension, count: lengths.count)
        let width = dimension
        pooled.values.withUnsafeMutableBufferPointer { pooled in
            values.withUnsafeBufferPointer { values in
                guard var target = pooled.baseAddress, var row = values.baseAddress else { return }
                for length in lengths {
                    for _ in 0..<length {
                        for column in 0..<width { target[column] += row[column] }
                        row += width
                    }
                    let share = 1 / Float(length)
                    for column in 0..<width { target[column] *= share }
                    target += width
                }
            }
        }
        return pooled
    }
}
