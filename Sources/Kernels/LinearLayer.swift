internal import CKernels
internal import CLinearAlgebra

/// How a layer's weights are kept and multiplied.
public enum Precision: String, Sendable, CaseIterable {
    /// f32 weights and sums.
    case single = "fp32"
    /// i8 weights and u8 inputs, each group of inputs with its own scale; f32 sums.
    case int8
}

/// How many inputs share a scale at int8: the fewer, the nearer to f32, and the slower.
public enum QuantizationGroup: Int, Sendable, CaseIterable {
    /// For inputs and weights that are hard to tell in 256 steps.
    case inputs64 = 64
    /// A tenth less time.
    case inputs128 = 128

    /// The groups of a row of so many inputs.
    func count(in inputs: Int) -> Int { (inputs + rawValue - 1) / rawValue }
}

/// What is done with a layer's outputs.
public enum Activation: Sendable {
    /// Nothing.
    case identity
    /// GELU, the exact form by erf.
    ///
    /// - Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
    case gelu
}

/// One linear layer, or several of the same inputs side by side, packed for the kernels in use.
///
/// The bits of an output depend on its row alone, not on the rows beside it. Where the processor
/// has only portable C, f32 products go through the system's BLAS.
public struct LinearLayer: Sendable {
    /// Weights as PyTorch keeps them, `[outputs, inputs]` row-major, and a bias for each output.
    public struct Part: Sendable {
        /// `outputs × inputs` values.
        public let weights: MappedFloats
        /// `outputs` values.
        public let bias: MappedFloats

        /// A part.
        public init(weights: MappedFloats, bias: MappedFloats) {
            self.weights = weights
            self.bias = bias
        }
    }

    private enum Weights {
        case mapped([MappedFloats])
        case panels(PageSlice)
        case quantized(weights: PageSlice, scales: PageSlice, sums: PageSlice)
    }

    /// The width of the rows that go in.
    public let inputs: Int
    /// The width of the rows that come out.
    public let outputs: Int

    private let weights: Weights
    private let bias: PageSlice
    private let activation: Activation
    private let group: QuantizationGroup
    private let set: InstructionSet

    /// Packs the parts, whose outputs stand side by side in their order.
    ///
    /// - Parameters:
    ///   - parts: at least one, each with as many weights as its bias has values times `inputs`.
    ///   - inputs: the width of the rows that will come.
    ///   - activation: what is done with the outputs.
    ///   - precision: how the weights are kept.
    ///   - group: how many inputs share a scale at int8.
    ///   - arena: where packed weights are put.
    ///   - set: the kernels; nil takes those in use.
    /// - Precondition: shapes as said.
    /// - Complexity: O(weights).
    public init(
        _ parts: [Part], inputs: Int, activation: Activation = .identity, precision: Precision,
        group: QuantizationGroup = .inputs64, arena: inout WeightArena,
        using set: InstructionSet? = nil
    ) {
        precondition(
            !parts.isEmpty && parts.allSatisfy { $0.weights.count == $0.bias.count * inputs },
            "weights of another shape")
        self.inputs = inputs
        self.activation = activation
        self.group = group
        self.set = set ?? .current
        let outputs = parts.reduce(0) { $0 + $1.bias.count }
        self.outputs = outputs
        bias = arena.take(byteCount: outputs * MemoryLayout<Float>.size)
        bias.write(as: Float.self) { target in
            var target = target
            for part in parts {
                part.bias.withUnsafePointer { target.update(from: $0, count: part.bias.count) }
                target += part.bias.count
            }
        }
        switch precision {
        case .single where self.set == .scalar: weights = .mapped(parts.map(\.weights))
        case .single: weights = Self.packed(parts, inputs, self.set, &arena)
        case .int8: weights = Self.quantized(parts, inputs, group, self.set, &arena)
        }
    }

    /// Writes the layer's outputs for every row of `input`.
    ///
    /// - Parameters:
    ///   - input: rows of `inputs` values.
    ///   - output: as many rows of `outputs` values.
    ///   - scratch: room for quantised rows; grows when needed.
    /// - Complexity: O(rows · inputs · outputs).
    public func apply(
        to input: FloatRows, into output: inout FloatRows, scratch: inout QuantizedRows
    ) {
        precondition(
            output.dimension == outputs && input.count == output.count, "rows of another shape")
        output.values.withUnsafeMutableBufferPointer {
            guard let base = $0.baseAddress else { return }
            apply(to: input, into: base, &scratch)
        }
    }

    /// The same into rows that threads share, from row `first` on.
    ///
    /// - Precondition: no thread reads those rows meanwhile.
    public func apply(
        to input: FloatRows, into output: SharedRows, from first: Int,
        scratch: inout QuantizedRows
    ) {
        precondition(output.dimension == outputs, "rows of another width")
        output.withRows(first..<first + input.count) { apply(to: input, into: $0, &scratch) }
    }

    private func apply(
        to input: FloatRows, into output: UnsafeMutablePointer<Float>,
        _ scratch: inout QuantizedRows
    ) {
        precondition(input.dimension == inputs, "rows of another width")
        let (rows, inputs) = (input.count, inputs)
        guard rows > 0 else { return }
        let table = kernels(of: set)
        if case .quantized = weights { scratch.quantize(input, group, table) }
        bias.read(as: Float.self) { bias in
            input.values.withUnsafeBufferPointer { input in
                guard let input = input.baseAddress else { return }
                let target = ck_outputs(
                    values: output, stride: outputs, count: outputs, bias: bias,
                    activation: activation == .gelu ? CK_GELU : CK_IDENTITY)
                switch weights {
                case .mapped(let parts):
                    multiply(input, rows: rows, parts, into: target, table)
                case .panels(let panels):
                    panels.read(as: Float.self) {
                        table.gemm_f32(input, inputs, rows, inputs, $0, target)
                    }
                case .quantized(let weights, let scales, let sums):
                    withPanels(weights, scales, sums) { panels in
                        scratch.withRows { table.gemm_q8($0, rows, inputs, panels, target) }
                    }
                }
            }
        }
    }

    private func multiply(
        _ input: UnsafePointer<Float>, rows: Int, _ parts: [MappedFloats], into target: ck_outputs,
        _ table: ck_kernels
    ) {
        for row in 0..<rows {
            (target.values + row * outputs).update(from: target.bias, count: outputs)
        }
        var column = 0
        for part in parts {
            let width = part.count / inputs
            part.withUnsafePointer {
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(width),
                    Int32(inputs), 1, input, Int32(inputs), $0, Int32(inputs), 1,
                    target.values + column, Int32(outputs))
            }
            column += width
        }
        if activation == .gelu { table.gelu_f32(target.values, rows * outputs) }
    }

    private static func packed(
        _ parts: [Part], _ inputs: Int, _ set: InstructionSet, _ arena: inout WeightArena
    ) -> Weights {
        let table = kernels(of: set)
        let outputs = parts.reduce(0) { $0 + $1.bias.count }
        let slice = arena.take(
            byteCount: panelCount(outputs) * Int(CK_PANEL) * inputs * MemoryLayout<Float>.size)
        slice.write(as: Float.self) { panels in
            withRows(of: parts) { table.pack_f32($0, inputs, outputs, inputs, panels) }
        }
        return .panels(slice)
    }

    private static func quantized(
        _ parts: [Part], _ inputs: Int, _ group: QuantizationGroup, _ set: InstructionSet,
        _ arena: inout WeightArena
    ) -> Weights {
        let table = kernels(of: set)
        let outputs = parts.reduce(0) { $0 + $1.bias.count }
        let groups = panelCount(outputs) * Int(CK_PANEL) * group.count(in: inputs)
        let weights = arena.take(byteCount: groups * group.rawValue)
        let scales = arena.take(byteCount: groups * MemoryLayout<Float>.size)
        let sums = arena.take(byteCount: groups * MemoryLayout<Float>.size)
        weights.write(as: Int8.self) { weights in
            scales.write(as: Float.self) { scales in
                sums.write(as: Float.self) { sums in
                    let panels = ck_quantized_panels(
                        group: group.rawValue, weights: weights, scales: scales, sums: sums)
                    withRows(of: parts) { table.pack_q8($0, outputs, inputs, panels) }
                }
            }
        }
        return .quantized(weights: weights, scales: scales, sums: sums)
    }

    /// The rows of all parts, one after the other.
    private static func withRows(of parts: [Part], _ body: (UnsafePointer<Float>) -> Void) {
        if parts.count == 1 { return parts[0].weights.withUnsafePointer(body) }
        let rows = parts.flatMap { $0.weights.values(0..<$0.weights.count) }
        rows.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
    }

    private func withPanels(
        _ weights: PageSlice, _ scales: PageSlice, _ sums: PageSlice,
        _ body: (ck_quantized_panels) -> Void
    ) {
        weights.read(as: Int8.self) { weights in
            scales.read(as: Float.self) { scales in
                sums.read(as: Float.self) { sums in
                    // The kernels only read them; C has one type for both directions.
                    body(
                        ck_quantized_panels(
                            group: group.rawValue,
                            weights: UnsafeMutablePointer(mutating: weights),
                            scales: UnsafeMutablePointer(mutating: scales),
                            sums: UnsafeMutablePointer(mutating: sums)))
                }
            }
        }
    }

    private static func panelCount(_ outputs: Int) -> Int {
        (outputs + Int(CK_PANEL) - 1) / Int(CK_PANEL)
    }
}
