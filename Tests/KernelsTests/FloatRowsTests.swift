import Kernels
import TestSupport
import Testing

struct FloatRowsTests {
    @Test func `bytes give the rows back bit for bit`() {
        var generator = SeededGenerator(seed: 1)
        for dimension in edgeSizes {
            for count in [0, 1, 3] {
                var values = generator.floats(dimension * count)
                if count > 0 { values[0] = -0.0 }
                if count > 1 { values[1] = Float(bitPattern: 0x7FC0_1234) }
                let rows = FloatRows(dimension: dimension, values: values)
                let bytes = rows.littleEndianBytes
                #expect(bytes.count == dimension * count * 4)
                let back = FloatRows(dimension: dimension, littleEndianBytes: bytes)
                #expect(back?.values.map(\.bitPattern) == values.map(\.bitPattern))
                #expect(back?.count == count)
            }
        }
    }

    @Test func `bytes are little-endian`() {
        let rows = FloatRows(dimension: 1, values: [1, -2])
        #expect(rows.littleEndianBytes == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
        #expect(rows.littleEndianBytes(ofRow: 1) == [0, 0, 0, 0xC0])
    }

    @Test func `a broken row is refused`() {
        for count in [1, 3, 4, 7, 9, 12] {
            let bytes = [UInt8](repeating: 0, count: count)
            #expect(FloatRows(dimension: 2, littleEndianBytes: bytes) == nil, "\(count) bytes")
        }
    }

    @Test func `rows are appended below`() {
        var rows = FloatRows(dimension: 2, count: 1)
        rows.append([1, 2])
        rows.append(contentsOf: FloatRows(dimension: 2, values: [3, 4, 5, 6]))
        rows.append(contentsOf: FloatRows(dimension: 2, count: 0))
        #expect(rows == FloatRows(dimension: 2, values: [0, 0, 1, 2, 3, 4, 5, 6]))
        #expect(Array(rows[2]) == [3, 4])
    }

    @Test func `normalized rows have length 1 and zeros stay`() {
        var generator = SeededGenerator(seed: 4)
        for dimension in edgeSizes {
            var rows = FloatRows(dimension: dimension, values: generator.floats(dimension * 4))
            rows.append([Float](repeating: 0, count: dimension))
            rows.normalize()
            for row in 0..<4 { expectUnit(rows[row]) }
            #expect(rows[4].allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: [-149, -133, -127, -126, -66, 0, 66, 127])
    func `a row of any scale becomes a unit row`(exponent: Int) {
        let scale = Float(sign: .plus, exponent: exponent, significand: 1)
        var rows = FloatRows(dimension: 3, values: [scale, 0, -scale])
        rows.normalize()
        expectUnit(rows[0])
    }

    private func expectUnit(_ row: ArraySlice<Float>) {
        let length = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect((length - 1).magnitude < 1e-6, "\(row.prefix(4)) …")
    }

    @Test func `ragged values are a broken promise`() async {
        await #expect(processExitsWith: .failure) {
            _ = FloatRows(dimension: 2, values: [1, 2, 3])
        }
        await #expect(processExitsWith: .failure) { _ = FloatRows(dimension: 0, values: []) }
    }
}
