import Kernels
import TestSupport
import Testing

struct CodeKernelsTests {
    private static let strides = [32, 64, 96, 128, 160, 192, 256, 288, 544]
    private static let counts = [0, 1, 7, 8, 9, 15, 16, 17, 33]

    private func check(
        _ kernels: CodeKernels, low: [Int8], high: [Int8], codes: [UInt8],
        at location: SourceLocation = #_sourceLocation
    ) {
        let stride = low.count
        let exact = (0..<codes.count / stride).map { row -> Int64 in
            (0..<stride).reduce(into: Int64(0)) { sum, place in
                let byte = codes[row * stride + place]
                sum += Int64(byte & 15) * Int64(low[place]) + Int64(byte >> 4) * Int64(high[place])
            }
        }
        let found = kernels.dots(low: low, high: high, codes: codes).map(Int64.init)
        #expect(found == exact, "\(stride) bytes a row", sourceLocation: location)
    }

    @Test(arguments: CodeKernels.available)
    func `dots of 4-bit codes are exact`(kernels: CodeKernels) {
        var generator = SeededGenerator(seed: 61)
        for stride in Self.strides {
            for count in Self.counts {
                func values() -> [Int8] {
                    (0..<stride).map { _ in Int8.random(in: -127...127, using: &generator) }
                }
                let codes = (0..<stride * count).map { _ in
                    UInt8.random(in: .min ... .max, using: &generator)
                }
                check(kernels, low: values(), high: values(), codes: codes)
            }
        }
    }

    @Test(arguments: CodeKernels.available)
    func `dots of 4-bit codes never saturate`(kernels: CodeKernels) {
        for stride in Self.strides + [32_768] {
            for value in [Int8(127), -127] {
                let same = [Int8](repeating: value, count: stride)
                let codes = [UInt8](repeating: 0xFF, count: stride * 9)
                check(kernels, low: same, high: same, codes: codes)
            }
        }
    }

    @Test(arguments: CodeKernels.available)
    func `dots of 8-bit codes are exact up to the extremes`(kernels: CodeKernels) {
        var generator = SeededGenerator(seed: 62)
        for dimension in edgeSizes + [100, 384, 65_536] {
            let query = (0..<dimension).map { _ in Int8.random(in: -63...63, using: &generator) }
            let random = (0..<dimension * 3).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            let extremes: [([Int8], [UInt8])] = [
                (query, random),
                (
                    [Int8](repeating: 63, count: dimension),
                    [UInt8](repeating: 255, count: dimension)
                ),
                (
                    [Int8](repeating: -63, count: dimension),
                    [UInt8](repeating: 255, count: dimension)
                ),
                ([Int8](repeating: 63, count: dimension), [UInt8](repeating: 0, count: dimension)),
            ]
            for (query, rows) in extremes {
                let exact = (0..<rows.count / dimension).map { row -> Int64 in
                    (0..<dimension).reduce(into: Int64(0)) { sum, place in
                        let value = Int64(rows[row * dimension + place]) - 128
                        sum += value * Int64(query[place])
                    }
                }
                #expect(kernels.dots(query, rows: rows).map(Int64.init) == exact)
            }
        }
    }

    @Test(arguments: CodeKernels.available)
    func `a rotation keeps inner products and has the same bits everywhere`(kernels: CodeKernels) {
        var generator = SeededGenerator(seed: 63)
        for dimension in [64, 128, 192, 256, 320, 384, 1024, 1088] {
            let rotation = Rotation(dimension: dimension, seed: 7)
            let (left, right) = (generator.floats(dimension), generator.floats(dimension))
            var (a, b) = (left, right)
            rotation.apply(to: &a, using: kernels)
            rotation.apply(to: &b, using: kernels)
            func product(_ x: [Float], _ y: [Float]) -> Double {
                zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            }
            let lengths = (product(left, left) * product(right, right)).squareRoot()
            let limit = 2.1 * rotation.relativeError * lengths
            #expect((product(a, b) - product(left, right)).magnitude <= limit)
            var oracle = left
            rotation.apply(to: &oracle, using: CodeKernels.available[0])
            #expect(a.map(\.bitPattern) == oracle.map(\.bitPattern))
        }
    }

    @Test(arguments: CodeKernels.available)
    func `a header bounds what its codes leave over`(kernels: CodeKernels) {
        var generator = SeededGenerator(seed: 64)
        for dimension in [64, 128, 192, 256, 384, 1024] {
            for scale in [Float(1), 1e-5, 1e5, 0x1p-36, 0x1p30] {
                var values = generator.floats(dimension).map { $0 * scale }
                if dimension == 192 { for place in 1..<192 { values[place] = 0 } }
                let row = kernels.encode(values)
                var (left, said, square) = (0.0, 0.0, 0.0)
                for (place, value) in values.enumerated() {
                    let byte = row.codes[place / 64 * 32 + place % 32]
                    let code = place % 64 < 32 ? byte & 15 : byte >> 4
                    let z = Double(row.scale) * (Double(code) - 7.5)
                    left += (Double(value) - z) * (Double(value) - z)
                    said += z * z
                    square += Double(value) * Double(value)
                }
                #expect(Double(row.residual) >= left.squareRoot())
                #expect(Double(row.norm) >= said.squareRoot())
                #expect(Double(row.square) <= square)
                if dimension >= 256 { #expect(Double(row.residual) < 0.15 * square.squareRoot()) }
                #expect(row == CodeKernels.available[0].encode(values))
            }
        }
    }

    @Test(arguments: CodeKernels.available)
    func `rows beyond the range of codes say so`(kernels: CodeKernels) {
        let zero = kernels.encode([Float](repeating: 0, count: 64))
        #expect(zero.residual == 0 && zero.scale == 0 && zero.norm == 0 && zero.square == 0)
        for value in [Float.leastNonzeroMagnitude, 1e-30, 1e30, .greatestFiniteMagnitude] {
            let row = kernels.encode([Float](repeating: value, count: 64))
            #expect(row.residual == .infinity && row.scale == 0 && row.norm == 0 && row.square == 0)
        }
    }
}
