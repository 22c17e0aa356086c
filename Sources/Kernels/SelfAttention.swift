internal import CKernels

/// What is added to attention's scores for the distance from a query to a key, for each head.
public struct RelativeBias: Sendable {
    let values: [Float]
    let reach: Int

    /// Values for every distance from `-reach` to `reach` (key minus query), head after head.
    ///
    /// - Precondition: `values.count` is a multiple of `2 · reach + 1`.
    public init(values: [Float], reach: Int) {
        precondition(reach >= 0 && values.count % (2 * reach + 1) == 0, "another reach")
        self.values = values
        self.reach = reach
    }
}

/// Multi-head self-attention of every text of a ragged batch.
public struct SelfAttention: Sendable {
    private let headCount: Int
    private let bias: RelativeBias?
    private let set: InstructionSet?
    private var scratch: [Float] = []

    /// Attention of `headCount` heads.
    ///
    /// - Parameters:
    ///   - headCount: the number of heads, at least 1.
    ///   - bias: has as many heads; nil adds nothing.
    ///   - set: the kernels; nil takes those in use.
    /// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762; the bias is that of
    ///   Raffel et al., arXiv:1910.10683, §2.1.
    public init(headCount: Int, bias: RelativeBias? = nil, using set: InstructionSet? = nil) {
        precondition(headCount > 0, "no heads")
        precondition(
            bias.map { $0.values.count == headCount * (2 * $0.reach + 1) } ?? true,
            "a bias of other heads")
        self.headCount = headCount
        self.bias = bias
        self.set = set
    }

    /// Writes the heads' outputs side by side.
    ///
    /// - Parameters:
    ///   - states: rows of `3 × width` values: query, key, value.
    ///   - lengths: the number of rows of each text, in order.
    ///   - output: as many rows of `width` values.
    /// - Precondition: the heads divide the width, the lengths add up to the rows, and no text is
    ///   longer than the bias reaches.
    /// - Complexity: O(Σ length² · width).
    public mutating func apply(
        to states: FloatRows, lengths: [Int], into output: inout FloatRows
    ) {
        let (stride, width) = (states.dimension, output.dimension)
        precondition(
            lengths.reduce(0, +) == states.count && output.count == states.count,
            "lengths that miss rows")
        states.values.withUnsafeBufferPointer { states in
            output.values.withUnsafeMutableBufferPointer { output in
                guard var source = states.baseAddress, var target = output.baseAddress else {
                    return
                }
                for length in lengths {
                    attend(source, stride, length, queries: 0..<length, into: target, width)
                    source += length * stride
                    target += length * width
                }
            }
        }
    }

    /// Writes the heads' outputs of some rows of one text.
    ///
    /// - Parameters:
    ///   - states: the rows of the text, as for whole batches.
    ///   - length: how many they are.
    ///   - queries: the rows whose outputs are wanted.
    ///   - output: a row for each of them; its bits are those of the whole text's.
    /// - Precondition: no thread writes those rows meanwhile.
    public mutating func apply(
        to states: SharedRows, length: Int, queries: Range<Int>, into output: inout FloatRows
    ) {
        precondition(output.count == queries.count, "other rows than queries")
        precondition(
            0..<length ~= queries.lowerBound && queries.upperBound <= length, "no such row")
        let (stride, width) = (states.dimension, output.dimension)
        states.withRows(0..<length) { source in
            output.values.withUnsafeMutableBufferPointer {
                guard let target = $0.baseAddress else { return }
                attend(source, stride, length, queries: queries, into: target, width)
            }
        }
    }

    private mutating func attend(
        _ source: UnsafePointer<Float>, _ stride: Int, _ length: Int, queries: Range<Int>,
        into target: UnsafeMutablePointer<Float>, _ width: Int
    ) {
        precondition(stride == 3 * width && width % headCount == 0, "heads of another width")
        precondition(bias.map { length <= $0.reach + 1 } ?? true, "a text out of the bias's reach")
        let headWidth = width / headCount
        let needed = ck_attention_scratch(length, headWidth)
        if scratch.count < needed { scratch = [Float](repeating: 0, count: needed) }
        let (table, heads, bias) = (kernels(of: set), headCount, bias)
        let wanted = ck_queries(first: queries.lowerBound, count: queries.count)
        scratch.withUnsafeMutableBufferPointer { scratch in
            func attend(_ relative: UnsafePointer<Float>?, _ relativeStride: Int) {
                table.attention_f32(
                    source, stride, length, wanted, heads, headWidth, relative, relativeStride,
                    target, width, scratch.baseAddress)
            }
            guard let bias else { return attend(nil, 0) }
            bias.values.withUnsafeBufferPointer {
                attend($0.baseAddress.map { $0 + bias.reach }, 2 * bias.reach + 1)
            }
        }
    }
}
