import Kernels
import TestSupport
import Testing
import Vectors

struct NumpyFileTests {
    /// Reads the header as NEP 1 has it and returns shape and values.
    private func check(
        _ rows: FloatRows, at location: SourceLocation = #_sourceLocation
    ) throws {
        let bytes = NumpyFile.bytes(of: rows)
        #expect(Array(bytes.prefix(8)) == [0x93] + Array("NUMPY".utf8) + [1, 0])
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        #expect(start % 64 == 0, "the data starts at \(start)", sourceLocation: location)
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        #expect(header.last == "\n" && header.utf8.count == start - 10)
        let match = try #require(
            header.wholeMatch(
                of: /\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n/),
            sourceLocation: location)
        #expect(Int(match.1) == rows.count && Int(match.2) == rows.dimension)
        let data = Array(bytes[start...])
        #expect(data.count == rows.count * rows.dimension * 4, sourceLocation: location)
        let back = FloatRows(dimension: rows.dimension, littleEndianBytes: data)
        #expect(back == rows, sourceLocation: location)
    }

    @Test func `header and values are read back`() throws {
        var generator = SeededGenerator(seed: 16)
        for dimension in [1, 7, 8, 384] {
            for count in [0, 1, 9, 10, 99, 100] {
                try check(
                    FloatRows(dimension: dimension, values: generator.floats(dimension * count)))
            }
        }
    }

    /// Padding of every length from 0 to 63 is a header of another length.
    @Test func `the data is aligned however long the shape is`() throws {
        for digits in 1...6 {
            let count = Int(String(repeating: "1", count: digits)) ?? 0
            try check(FloatRows(dimension: 1, count: count))
            try check(FloatRows(dimension: count, count: 1))
        }
    }
}
