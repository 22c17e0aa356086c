import Foundation
import Kernels
import TestSupport
import Testing

/// Every operation against the same arithmetic in double precision.
struct EncoderOperationsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: InstructionSet.available)
    func `GELU keeps its promised error`(set: InstructionSet) throws {
        var generator = SeededGenerator(seed: 7)
        for width in edgeSizes {
            for count in [0, 1, 5] {
                let values = generator.floats(width * count).map { $0 * 12 }
                let bias = generator.floats(width)
                var rows = FloatRows(dimension: width, values: values)
                rows.applyGELU(addingBias: try mapped(bias, in: folder), using: set)
                for (index, value) in rows.values.enumerated() {
                    let x = Double(values[index] + bias[index % width])
                    let exact = 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
                    let error = (Double(value) - exact).magnitude
                    #expect(error <= 5e-7 * max(1, x.magnitude), "gelu(\(x))")
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `GELU of great values is the value or nothing`(set: InstructionSet) throws {
        var rows = FloatRows(dimension: 4, values: [1e30, -1e30, 0, -0.0])
        rows.applyGELU(addingBias: try mapped([0, 0, 0, 0], in: folder), using: set)
        #expect(rows.values == [1e30, 0, 0, 0])
    }

    @Test(arguments: InstructionSet.available)
    func `layer norm equals the oracle`(set: InstructionSet) throws {
        var generator = SeededGenerator(seed: 8)
        for width in edgeSizes {
            for (hasBias, hasResidual) in [
                (false, false), (true, false), (false, true), (true, true),
            ] {
                let count = 3
                let values = generator.floats(width * count).map { $0 * 4 + 1 }
                let bias = hasBias ? generator.floats(width) : nil
                let residual = hasResidual ? generator.floats(width * count) : nil
                let (gain, shift) = (generator.floats(width), generator.floats(width))
                var rows = FloatRows(dimension: width, values: values)
                rows.applyLayerNorm(
                    addingBias: try bias.map { try mapped($0, in: folder) },
                    residual: residual.map { FloatRows(dimension: width, values: $0) },
                    gain: try mapped(gain, in: folder), shift: try mapped(shift, in: folder),
                    epsilon: 1e-5, using: set)
                let sums = values.indices.map { index in
                    Double(values[index]) + Double(bias?[index % width] ?? 0)
                        + Double(residual?[index] ?? 0)
                }
                for row in 0..<count {
                    let part = sums[row * width..<(row + 1) * width]
                    let expected = normalized(Array(part), gain: gain, shift: shift)
                    for (value, exact) in zip(rows[row], expected) {
                        #expect((Double(value) - exact).magnitude <= 2e-5, "width \(width)")
                    }
                }
            }
        }
    }

    private func normalized(_ values: [Double], gain: [Float], shift: [Float]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return values.indices.map { index in
            (values[index] - mean) / (variance + 1e-5).squareRoot() * Double(gain[index])
                + Double(shift[index])
        }
    }

    @Test(arguments: InstructionSet.available)
    func `layer norm of equal values is the shift`(set: InstructionSet) throws {
        var rows = FloatRows(dimension: 33, values: [Float](repeating: 5, count: 33))
        let shift = (0..<33).map { Float($0) }
        rows.applyLayerNorm(
            gain: try mapped([Float](repeating: 3, count: 33), in: folder),
            shift: try mapped(shift, in: folder), epsilon: 1e-12, using: set)
        for (value, expected) in zip(rows.values, shift) {
            #expect((value - expected).magnitude < 1e-3)
        }
    }

    @Test func `products equal the oracle and touch only their columns`() throws {
        var generator = SeededGenerator(seed: 9)
        for (count, inner, outputs, before) in [
            (0, 3, 2, 0), (1, 1, 1, 0), (3, 7, 8, 2), (5, 33, 31, 1), (2, 384, 63, 3),
        ] {
            let width = before + outputs + 1
            let input = FloatRows(dimension: inner, values: generator.floats(count * inner))
            let weights = generator.floats(outputs * inner)
            var rows = FloatRows(
                dimension: width, values: [Float](repeating: 9, count: count * width))
            rows.setProduct(of: input, weights: try mapped(weights, in: folder), column: before)
            for row in 0..<count {
                for column in 0..<width {
                    let value = rows[row][row * width + column]
                    guard (before..<before + outputs).contains(column) else {
                        #expect(value == 9)
                        continue
                    }
                    let start = (column - before) * inner
                    let exact = zip(input[row], weights[start..<start + inner]).reduce(0.0) {
                        $0 + Double($1.0) * Double($1.1)
                    }
                    #expect((Double(value) - exact).magnitude <= 1e-6 * Double(inner))
                }
            }
        }
    }

    @Test func `a bias is added to its columns`() throws {
        var rows = FloatRows(dimension: 4, count: 2)
        rows.addBias(try mapped([1, 2], in: folder), column: 1)
        #expect(rows.values == [0, 1, 2, 0, 0, 1, 2, 0])
        rows.addBias(try mapped([], in: folder), column: 4)
        #expect(rows.values == [0, 1, 2, 0, 0, 1, 2, 0])
    }

    @Test func `table rows are added at their indices`() throws {
        var rows = FloatRows(dimension: 2, values: [1, 1, 1, 1, 1, 1])
        rows.addRows(of: try mapped([10, 20, 30, 40], in: folder), at: [1, 0, 1])
        #expect(rows.values == [31, 41, 11, 21, 31, 41])
        rows.addRow([1, 2][0...], scaledBy: -2, to: 1)
        #expect(rows.values == [31, 41, 9, 17, 31, 41])
    }

    @Test func `an index outside the table is a broken promise`() async {
        await #expect(processExitsWith: .failure) {
            var rows = FloatRows(dimension: 2, count: 1)
            rows.addRows(of: try mapped([1, 2], in: TemporaryFolder()), at: [1])
        }
        await #expect(processExitsWith: .failure) {
            var rows = FloatRows(dimension: 2, count: 1)
            rows.addRows(of: try mapped([1, 2], in: TemporaryFolder()), at: [-1])
        }
    }

    @Test func `the mean of each text's rows`() {
        let rows = FloatRows(dimension: 2, values: [1, 2, 3, 6, -1, 0.5, 2, 2, 0, 4, 4, 0])
        #expect(
            rows.meanPooled(lengths: [2, 1, 3])
                == FloatRows(dimension: 2, values: [2, 4, -1, 0.5, 2, 2]))
        #expect(FloatRows(dimension: 2, count: 0).meanPooled(lengths: []).count == 0)
    }

    @Test func `lengths that miss rows are a broken promise`() async {
        await #expect(processExitsWith: .failure) {
            _ = FloatRows(dimension: 1, count: 3).meanPooled(lengths: [2])
        }
        await #expect(processExitsWith: .failure) {
            _ = FloatRows(dimension: 1, count: 3).meanPooled(lengths: [3, 0])
        }
    }
}
