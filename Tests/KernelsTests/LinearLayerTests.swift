import Foundation
import Kernels
import TestSupport
import Testing

/// Layers at both precisions, on every instruction set, against double precision.
struct LinearLayerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Rows, inputs, and the outputs of each part: tile rows and panels are passed and missed by one.
    static let shapes: [(rows: Int, inputs: Int, outputs: [Int])] = [
        (1, 1, [1]), (3, 7, [8]), (5, 33, [31]), (6, 64, [32]), (7, 65, [33, 2]),
        (11, 63, [5, 40]), (12, 128, [64]), (13, 384, [96, 96, 96]), (25, 130, [1, 1, 1]),
    ]

    private struct Case {
        var input: FloatRows
        var parts: [LinearLayer.Part] = []
        var weights: [Float] = []
        var bias: [Float] = []

        func exact(_ row: Int, _ output: Int) -> Double {
            let width = input.dimension
            return zip(input[row], weights[output * width..<(output + 1) * width])
                .reduce(Double(bias[output])) { $0 + Double($1.0) * Double($1.1) }
        }
    }

    private func makeCase(
        _ shape: (rows: Int, inputs: Int, outputs: [Int]), seed: UInt64, scale: Float = 1
    ) throws -> Case {
        var generator = SeededGenerator(seed: seed)
        let values = generator.floats(shape.rows * shape.inputs).map { $0 * scale }
        var made = Case(input: FloatRows(dimension: shape.inputs, values: values))
        for outputs in shape.outputs {
            let (weights, bias) = (
                generator.floats(outputs * shape.inputs), generator.floats(outputs)
            )
            made.weights += weights
            made.bias += bias
            made.parts.append(
                LinearLayer.Part(
                    weights: try mapped(weights, in: folder), bias: try mapped(bias, in: folder)))
        }
        return made
    }

    private func apply(
        _ parts: [LinearLayer.Part], to input: FloatRows, _ precision: Precision,
        _ set: InstructionSet, activation: Activation = .identity,
        group: QuantizationGroup = .inputs64
    ) -> FloatRows {
        var arena = WeightArena()
        let layer = LinearLayer(
            parts, inputs: input.dimension, activation: activation, precision: precision,
            group: group, arena: &arena, using: set)
        var output = FloatRows(dimension: layer.outputs, count: input.count)
        var scratch = QuantizedRows()
        layer.apply(to: input, into: &output, scratch: &scratch)
        return output
    }

    @Test(arguments: InstructionSet.available)
    func `f32 products equal the oracle`(set: InstructionSet) throws {
        for (index, shape) in Self.shapes.enumerated() {
            let made = try makeCase(shape, seed: 20 + UInt64(index))
            let output = apply(made.parts, to: made.input, .single, set)
            for row in 0..<shape.rows {
                for (column, value) in output[row].enumerated() {
                    let error = (Double(value) - made.exact(row, column)).magnitude
                    #expect(error <= 1e-6 * Double(shape.inputs + 1), "\(shape) \(row) \(column)")
                }
            }
        }
    }

    /// A group's step is 1/255 of its range, and a weight's 1/127 of its group's greatest; both are
    /// at most half a step off.
    @Test(arguments: InstructionSet.available, QuantizationGroup.allCases)
    func `int8 products keep the error that their steps allow`(
        set: InstructionSet, group: QuantizationGroup
    ) throws {
        for (index, shape) in Self.shapes.enumerated() {
            let made = try makeCase(shape, seed: 40 + UInt64(index), scale: 3)
            let output = apply(made.parts, to: made.input, .int8, set, group: group)
            // Inputs lie within ±3 and weights within ±1.
            let allowed = Double(shape.inputs) * (3.0 / 255 + 3.0 / 254 + 1e-4)
            var least = Double.infinity
            for row in 0..<shape.rows {
                for (column, value) in output[row].enumerated() {
                    let error = (Double(value) - made.exact(row, column)).magnitude
                    #expect(error <= allowed, "\(shape) \(row) \(column)")
                    least = min(least, error)
                }
            }
            #expect(least < allowed / 4)
        }
    }

    @Test(arguments: QuantizationGroup.allCases)
    func `int8 products have the same bits on every instruction set`(
        group: QuantizationGroup
    ) throws {
        for (index, shape) in Self.shapes.enumerated() {
            let made = try makeCase(shape, seed: 60 + UInt64(index), scale: 2)
            let outputs = InstructionSet.available.map {
                apply(made.parts, to: made.input, .int8, $0, group: group)
            }
            for output in outputs.dropFirst() { #expect(output == outputs[0], "\(shape)") }
        }
    }

    @Test func `f32 products have the same bits on every set with vectors`() throws {
        let sets = InstructionSet.available.filter { $0 != .scalar }
        for (index, shape) in Self.shapes.enumerated() {
            let made = try makeCase(shape, seed: 80 + UInt64(index))
            let outputs = sets.map { apply(made.parts, to: made.input, .single, $0) }
            for output in outputs.dropFirst() { #expect(output == outputs[0], "\(shape)") }
        }
    }

    @Test(arguments: InstructionSet.available, Precision.allCases)
    func `a row's bits do not depend on the rows beside it`(
        set: InstructionSet, precision: Precision
    ) throws {
        // BLAS, which serves f32 on scalar, promises no such thing.
        guard set != .scalar || precision == .int8 else { return }
        let made = try makeCase((rows: 13, inputs: 96, outputs: [40]), seed: 7)
        let together = apply(made.parts, to: made.input, precision, set)
        for row in 0..<13 {
            let alone = FloatRows(dimension: 96, values: Array(made.input[row]))
            #expect(apply(made.parts, to: alone, precision, set).values == Array(together[row]))
        }
    }

    /// 255 · 127 in every product is more than pairs of u8 and i8 may add up to in 16 bits.
    @Test(arguments: InstructionSet.available, QuantizationGroup.allCases)
    func `extreme levels do not saturate`(set: InstructionSet, group: QuantizationGroup) throws {
        for inputs in [1, 2, 64, 128, 256] {
            let input = FloatRows(
                dimension: inputs, values: [Float](repeating: 255, count: inputs))
            for sign: Float in [-1, 1] {
                let weights = [Float](repeating: sign * 127, count: inputs)
                let part = LinearLayer.Part(
                    weights: try mapped(weights, in: folder), bias: try mapped([0.5], in: folder))
                #expect(
                    apply([part], to: input, .int8, set, group: group).values
                        == [sign * 127 * 255 * Float(inputs) + 0.5])
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `layers of both groups share their room`(set: InstructionSet) throws {
        let made = try makeCase((rows: 5, inputs: 130, outputs: [33]), seed: 8)
        var (arena, scratch) = (WeightArena(), QuantizedRows())
        for group in QuantizationGroup.allCases + QuantizationGroup.allCases.reversed() {
            let layer = LinearLayer(
                made.parts, inputs: 130, precision: .int8, group: group, arena: &arena, using: set)
            var output = FloatRows(dimension: 33, count: 5)
            layer.apply(to: made.input, into: &output, scratch: &scratch)
            #expect(output == apply(made.parts, to: made.input, .int8, set, group: group))
        }
    }

    @Test(arguments: InstructionSet.available)
    func `rows and weights of zeros give the bias`(set: InstructionSet) throws {
        let zeros = try mapped([Float](repeating: 0, count: 70), in: folder)
        let part = LinearLayer.Part(weights: zeros, bias: try mapped([3], in: folder))
        var generator = SeededGenerator(seed: 5)
        for values in [[Float](repeating: 0, count: 70), generator.floats(70)] {
            let input = FloatRows(dimension: 70, values: values)
            for precision in Precision.allCases {
                #expect(apply([part], to: input, precision, set).values == [3])
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `values that are no numbers do not trap`(set: InstructionSet) throws {
        let made = try makeCase((rows: 4, inputs: 66, outputs: [34]), seed: 9)
        for odd in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
            var values = made.input.values
            values[3] = odd
            values[70] = -odd
            let input = FloatRows(dimension: 66, values: values)
            for precision in Precision.allCases {
                let output = apply(made.parts, to: input, precision, set)
                // Rows without an odd value are as they were.
                let before = apply(made.parts, to: made.input, precision, set)
                if set != .scalar { #expect(output[2] == before[2] && output[3] == before[3]) }
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `GELU keeps its promised error`(set: InstructionSet) throws {
        var generator = SeededGenerator(seed: 7)
        for outputs in edgeSizes {
            let (weights, bias) = (
                generator.floats(outputs).map { $0 * 12 }, generator.floats(outputs)
            )
            let part = LinearLayer.Part(
                weights: try mapped(weights, in: folder), bias: try mapped(bias, in: folder))
            let input = FloatRows(dimension: 1, values: [1, -1, 0, 0.5])
            let linear = apply([part], to: input, .single, set)
            let output = apply([part], to: input, .single, set, activation: .gelu)
            for (value, before) in zip(output.values, linear.values) {
                let x = Double(before)
                let exact = 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
                #expect((Double(value) - exact).magnitude <= 5e-7 * max(1, x.magnitude), "\(x)")
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `GELU of great values is the value or nothing`(set: InstructionSet) throws {
        let part = LinearLayer.Part(
            weights: try mapped([1e30, -1e30, 0, -0.0], in: folder),
            bias: try mapped([0, 0, 0, 0], in: folder))
        let input = FloatRows(dimension: 1, values: [1])
        #expect(
            apply([part], to: input, .single, set, activation: .gelu).values == [1e30, 0, 0, 0])
    }

    @Test func `weights of another shape are a broken promise`() async {
        await #expect(processExitsWith: .failure) {
            let folder = try TemporaryFolder()
            var arena = WeightArena()
            let part = LinearLayer.Part(
                weights: try mapped([1, 2, 3], in: folder), bias: try mapped([1], in: folder))
            _ = LinearLayer([part], inputs: 2, precision: .single, arena: &arena)
        }
    }
}
