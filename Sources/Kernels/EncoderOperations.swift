internal import CKernels
internal import CLinearAlgebra

// The operations of a transformer encoder over ragged batches: the tokens of many texts stand in
// one block of rows, without padding. All of them write in place and allocate nothing large.

extension FloatRows {
    /// Writes `input · weightsᵀ` into the columns of `self` that start at `column`.
    ///
    /// - Parameters:
    ///   - input: `count` rows.
    ///   - weights: `outputs × input.dimension` values, row-major (PyTorch's `[out, in]`).
    ///   - column: the first column written; `column + outputs <= dimension`.
    /// - Precondition: `input.count == count`.
    /// - Complexity: O(count · outputs · input.dimension) through BLAS `sgemm`.
    public mutating func setProduct(
        of input: FloatRows, weights: MappedFloats, column: Int = 0
    ) {
        let outputs = weights.count / input.dimension
        precondition(input.count == count, "as many rows in as out")
        precondition(
            weights.count % input.dimension == 0 && column >= 0 && column + outputs <= dimension,
            "weights of another shape")
        guard count > 0 else { return }
        let (rows, stride, inner) = (Int32(count), Int32(dimension), Int32(input.dimension))
        input.values.withUnsafeBufferPointer { input in
            values.withUnsafeMutableBufferPointer { output in
                weights.withUnsafePointer { weights in
                    guard let target = output.baseAddress else { return }
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, rows, Int32(outputs), inner,
                        1, input.baseAddress, inner, weights, inner, 0, target + column, stride)
                }
            }
        }
    }

    /// Adds `bias` to the columns that start at `column` of every row.
    public mutating func addBias(_ bias: MappedFloats, column: Int = 0) {
        precondition(column >= 0 && column + bias.count <= dimension, "a bias of another width")
        let (rows, stride) = (count, dimension)
        let table = kernels(of: nil)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            bias.withUnsafePointer { table.bias_f32(base + column, $0, rows, bias.count, stride) }
        }
    }

    /// Adds `bias` to every row, then applies GELU (the exact form, by erf) to every value.
    ///
    /// - Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
    public mutating func applyGELU(
        addingBias bias: MappedFloats, using set: InstructionSet? = nil
    ) {
        precondition(bias.count == dimension, "a bias of another width")
        let (rows, width) = (count, dimension)
        let table = kernels(of: set)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            bias.withUnsafePointer { table.bias_gelu_f32(base, $0, rows, width) }
        }
    }

    /// Adds `bias` and the rows of `residual`, where given, then normalises each row to mean 0 and
    /// variance 1, scales it by `gain` and shifts it.
    ///
    /// - Source: Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450.
    public mutating func applyLayerNorm(
        addingBias bias: MappedFloats? = nil, residual: FloatRows? = nil, gain: MappedFloats,
        shift: MappedFloats, epsilon: Float, using set: InstructionSet? = nil
    ) {
        precondition(gain.count == dimension && shift.count == dimension, "gain of another width")
        precondition(bias.map { $0.count == dimension } ?? true, "a bias of another width")
        precondition(residual.map { $0.values.count == values.count } ?? true, "other residuals")
        let (rows, width) = (count, dimension)
        let table = kernels(of: set)
        let normalize = {
            (
                values: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
                residual: UnsafePointer<Float>?
            ) in
            gain.withUnsafePointer { gain in
                shift.withUnsafePointer { shift in
                    table.layer_norm_f32(values, bias, residual, gain, shift, epsilon, rows, width)
                }
            }
        }
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            let withResidual = { (bias: UnsafePointer<Float>?) in
                guard let residual else { return normalize(base, bias, nil) }
                residual.values.withUnsafeBufferPointer { normalize(base, bias, $0.baseAddress) }
            }
            if let bias { bias.withUnsafePointer { withResidual($0) } } else { withResidual(nil) }
        }
    }

    /// Replaces each row of `width` scores of a square or flat block by its softmax, after scaling.
    mutating func applySoftmax(scale: Float, using set: InstructionSet? = nil) {
        let (rows, width) = (count, dimension)
        let table = kernels(of: set)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            table.softmax_f32(base, scale, rows, width)
        }
    }

    /// The mean of each text's rows.
    ///
    /// - Parameter lengths: the number of rows of each text, in order; each at least 1.
    /// - Returns: one row for each text.
    /// - Precondition: the lengths add up to `count`.
    public func meanPooled(lengths: [Int]) -> FloatRows {
        precondition(lengths.reduce(0, +) == count, "lengths that do not cover the rows")
        var pooled = FloatRows(dimension: dimension, count: lengths.count)
        var row = 0
        for (text, length) in lengths.enumerated() {
            precondition(length > 0, "a text without rows")
            for _ in 0..<length {
                for column in 0..<dimension {
                    pooled.values[text * dimension + column] += values[row * dimension + column]
                }
                row += 1
            }
            let share = 1 / Float(length)
            for column in 0..<dimension { pooled.values[text * dimension + column] *= share }
        }
        return pooled
    }
}

/// Multi-head self-attention of every text of a ragged batch.
///
/// - Parameters:
///   - queriesKeysValues: rows of `3 × width` values: query, key, value.
///   - lengths: the number of rows of each text, in order.
///   - headCount: the number of heads; divides `width`.
/// - Returns: rows of `width` values: the heads' outputs side by side.
/// - Complexity: O(Σ length² · width) through BLAS.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public func selfAttention(
    _ queriesKeysValues: FloatRows, lengths: [Int], headCount: Int
) -> FloatRows {
    let stride = queriesKeysValues.dimension
    let width = stride / 3
    let headWidth = width / headCount
    precondition(stride % 3 == 0 && width % headCount == 0, "heads that do not divide the width")
    precondition(lengths.reduce(0, +) == queriesKeysValues.count, "lengths that miss rows")
    var output = FloatRows(dimension: width, count: queriesKeysValues.count)
    let scale = 1 / Float(headWidth).squareRoot()
    var first = 0
    for length in lengths where length > 0 {
        var scores = FloatRows(dimension: length, count: length)
        for head in 0..<headCount {
            let (n, d) = (Int32(length), Int32(headWidth))
            let offset = first * stride + head * headWidth
            queriesKeysValues.values.withUnsafeBufferPointer { all in
                guard let base = all.baseAddress else { return }
                let (query, key, value) = (
                    base + offset, base + offset + width, base + offset + 2 * width
                )
                scores.values.withUnsafeMutableBufferPointer { scores in
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, n, n, d, 1, query, Int32(stride),
                        key, Int32(stride), 0, scores.baseAddress, n)
                }
                scores.applySoftmax(scale: scale)
                scores.values.withUnsafeBufferPointer { scores in
                    output.values.withUnsafeMutableBufferPointer { output in
                        guard let target = output.baseAddress else { return }
                        cblas_sgemm(
                            CblasRowMajor, CblasNoTrans, CblasNoTrans, n, d, n, 1,
                            scores.baseAddress, n, value, Int32(stride), 0,
                            target + first * width + head * headWidth, Int32(width))
                    }
                }
            }
        }
        first += length
    }
    return output
}
