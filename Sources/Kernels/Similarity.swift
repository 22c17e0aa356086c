internal import CKernels

/// The inner product of `query` with each row; greater is nearer.
///
/// The result's bits do not depend on the instruction set, on the number of rows or on a row's
/// place among them.
///
/// - Parameters:
///   - query: `rows.dimension` values.
///   - rows: the rows to score, in order.
///   - set: an instruction set to force, for tests; nil takes the one in use.
/// - Returns: `rows.count` scores.
/// - Precondition: `query.count == rows.dimension`.
/// - Complexity: O(count · dimension) fused multiply-adds in f32.
public func innerProducts(
    of query: some Collection<Float>, with rows: FloatRows, using set: InstructionSet? = nil
) -> [Float] {
    precondition(query.count == rows.dimension, "a query of another dimension")
    let table = kernels(of: set)
    let query = Array(query)
    return [Float](unsafeUninitializedCapacity: rows.count) { scores, initialized in
        rows.values.withUnsafeBufferPointer { values in
            table.dots_f32(
                query, values.baseAddress, rows.dimension, rows.count, scores.baseAddress)
        }
        initialized = rows.count
    }
}

extension FloatRows {
    /// Scales every row to Euclidean length 1; a row of zeros stays as it is.
    ///
    /// - Complexity: O(count · dimension).
    public mutating func normalize() {
        for row in 0..<count {
            let range = row * dimension..<(row + 1) * dimension
            let squares = values[range].reduce(into: 0.0) { $0 += Double($1) * Double($1) }
            guard squares > 0 else { continue }
            // In f64, because the factor of a tiny row is beyond f32.
            let factor = 1 / squares.squareRoot()
            for index in range { values[index] = Float(Double(values[index]) * factor) }
        }
    }
}
