import Foundation
import Kernels
import TestSupport
import Testing

/// Every operation against the same arithmetic in double precision.
struct EncoderOperationsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: InstructionSet.available)
    func `layer norm equals the oracle`(set: InstructionSet) throws {
        var generator = SeededGenerator(seed: 8)
        for width in edgeSizes {
            for hasResidual in [false, true] {
                let count = 3
                let values = generator.floats(width * count).map { $0 * 4 + 1 }
                let residual = hasResidual ? generator.floats(width * count) : nil
                let (gain, shift) = (generator.floats(width), generator.floats(width))
                var rows = FloatRows(dimension: width, values: values)
                rows.applyLayerNorm(
                    adding: residual.map { FloatRows(dimension: width, values: $0) },
                    gain: try mapped(gain, in: folder), shift: try mapped(shift, in: folder),
                    epsilon: 1e-5, using: set)
                let sums = values.indices.map { index in
                    Double(values[index]) + Double(residual?[index] ?? 0)
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

    @Test func `table rows are set and added at their indices`() throws {
        var rows = FloatRows(dimension: 2, values: [1, 1, 1, 1, 1, 1])
        rows.setRows(of: try mapped([10, 20, 1, 1], in: folder), at: [1, 0, 1])
        #expect(rows.values == [1, 1, 10, 20, 1, 1])
        rows.setRows(of: try mapped([1, 1], in: folder), at: [0, 0, 0])
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

    @Test func `rows are reused at any count`() {
        var rows = FloatRows(dimension: 2, values: [1, 2, 3, 4])
        rows.reuse(count: 1)
        #expect(rows.count == 1)
        rows.reuse(count: 3)
        #expect(rows.count == 3 && rows.values.count == 6)
        rows.reuse(count: 0)
        #expect(rows.count == 0)
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
