import Kernels
import TestSupport
import Testing
import Vectors

struct NumpyArrayTests {
    /// A file of any version and header.
    private func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
        let header = Array(header.utf8)
        let length =
            version == 1
            ? [UInt16(header.count)].littleEndianBytes : [UInt32(header.count)].littleEndianBytes
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + data
    }

    private func header(
        _ type: String = "'<f4'", order: String = "False", shape: String = "(2, 1)"
    ) -> String {
        "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }     \n"
    }

    private func refusal(of bytes: [UInt8]) -> VectorFileError? {
        #expect(throws: VectorFileError.self) { try NumpyArray(.memory(bytes)) }
    }

    private let eight = [UInt8](repeating: 0, count: 8)

    @Test func `rows that are written are read`() throws {
        var generator = SeededGenerator(seed: 61)
        let folder = try TemporaryFolder()
        for (count, dimension) in [(0, 3), (1, 1), (5, 7), (100, 384)] {
            let rows = FloatRows(
                dimension: dimension, values: generator.floats(count * dimension))
            let bytes = NumpyFile.bytes(of: rows)
            var streamed: [UInt8] = []
            NumpyFile.write(count: count, dimension: dimension, rows: rows.blocks(of: 3)) {
                streamed += $0
            }
            #expect(streamed == bytes)
            let path = try folder.write(bytes, to: "rows.npy")
            for array in [try NumpyArray(.memory(bytes)), try NumpyArray(path: path)] {
                #expect(array.numberType == .float && array.shape == [count, dimension])
                #expect(try array.rows().all() == rows)
            }
        }
    }

    @Test func `integers that are written are read`() throws {
        let values: [Int64] = [0, -1, .max, .min, 7, 8]
        let bytes = NumpyFile.bytes(of: values, columnCount: 3)
        #expect((bytes.count - 48) % 64 == 0)
        let array = try NumpyArray(.memory(bytes))
        #expect(array.shape == [2, 3])
        #expect(try array.integers() == values)
        #expect(throws: VectorFileError.self) { try array.rows() }
        #expect(throws: VectorFileError.self) {
            try NumpyArray(.memory(NumpyFile.bytes(of: FloatRows(dimension: 1, count: 1))))
                .integers()
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt8])
    func `halves are widened in every version`(version: UInt8) throws {
        let halves: [Float16] = [1, -0.5, 65504, .infinity, -0.0, .leastNonzeroMagnitude]
        let data = halves.map(\.bitPattern).littleEndianBytes
        for (shape, count) in [("(6,)", 1), ("(2, 3)", 2), ("(6, 1)", 6)] {
            let array = try NumpyArray(
                .memory(file(header("'<f2'", shape: shape), data, version: version)))
            let rows = try array.rows().all()
            #expect(rows.count == count)
            #expect(rows.values.map(\.bitPattern) == halves.map { Float($0).bitPattern })
        }
    }

    @Test(arguments: [
        "{'descr':'<f4','fortran_order':False,'shape':(2,1)}",
        "{\"shape\": (2,), \"fortran_order\": False, \"descr\": \"<f4\"}\n",
        "  { 'shape' : ( 2 , 1 , ) , 'descr' : '<f4' , 'fortran_order' : False , }  \n\n",
    ])
    func `spacing and order do not matter`(header: String) throws {
        #expect(try NumpyArray(.memory(file(header, eight))).rows().all().values == [0, 0])
    }

    @Test(arguments: [
        "", "{", "{}", "{'descr'", "{'descr'}", "{'descr': ", "{'descr': '<f4", "[]", "\u{0}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (2, 1)}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), 'more': 'x'}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), , }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)} x",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 1)}",
        "{'descr': '<f4', 'fortran_order': Falsehood, 'shape': (2, 1)}",
        "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2, 1)}",
        "{'descr': '<f4\", 'fortran_order': False, 'shape': (2, 1)}",
        "{'descr': '<f4ü', 'fortran_order': False, 'shape': (2, 1)}",
    ])
    func `a header that NumPy does not write is refused`(header: String) {
        guard case .unexpected(let offset, _, _) = refusal(of: file(header, eight)) else {
            Issue.record("refused otherwise")
            return
        }
        #expect(offset >= 10 && offset <= 10 + header.utf8.count)
    }

    @Test(arguments: [
        "(2)", "2", "(2 1)", "(2, 1", "(, 2)", "(2,, 1)", "(-2, 1)", "(+2, 1)", "(02, 1)",
        "(2_0, 1)", "(2L, 1L)", "(2.0, 1)", "(9223372036854775808,)", "[2, 1]", "('2', 1)",
    ])
    func `a shape that is no tuple of lengths is refused`(shape: String) {
        guard case .unexpected = refusal(of: file(header(shape: shape), eight)) else {
            Issue.record("refused otherwise")
            return
        }
    }

    @Test(arguments: ["'>f4'", "'<f8'", "'|u1'", "'=f4'", "'<i4'", "'|O'", "''"])
    func `numbers of another type are named`(type: String) {
        #expect(
            refusal(of: file(header(type), eight))
                == .unsupported(
                    offset: 20, found: "an array of type \(type)",
                    supported: "'<f4', '<f2' and '<i8', which are little-endian"))
    }

    @Test func `arrays of another make are named`() {
        func check(_ bytes: [UInt8], _ expected: VectorFileError) {
            #expect(refusal(of: bytes) == expected)
        }
        check(
            file(header(order: "True"), eight),
            .unsupported(
                offset: 44, found: "an array in Fortran order, columns first,",
                supported: "arrays in C order; numpy.ascontiguousarray makes one"))
        check(
            file(header("[('x', '<f4')]"), eight),
            .unsupported(
                offset: 20, found: "an array with fields", supported: "arrays of numbers"))
        for (shape, count) in [("()", 0), ("(2, 1, 1)", 3), ("(1, 1, 1, 2)", 4)] {
            check(
                file(header(shape: shape), eight),
                .unsupported(
                    offset: 60, found: "an array of \(count) dimensions",
                    supported: "arrays of one or two"))
        }
        for version in [0, 4, 255] as [UInt8] {
            check(
                file(header(), eight, version: version),
                .unsupported(
                    offset: 6, found: "version \(version).0 of the format",
                    supported: "versions 1.0, 2.0 and 3.0"))
        }
    }

    @Test func `sizes that no file has are refused`() {
        #expect(
            refusal(of: file(header(shape: "(4294967296, 4294967296)"), eight))
                == .unexpected(
                    offset: 60, expected: "the shape of an array that fits a file",
                    found: "[4294967296, 4294967296]"))
        #expect(
            refusal(of: file(header(shape: "(9223372036854775807,)"), eight))
                == .truncated(
                    offset: 10 + header(shape: "(9223372036854775807,)").utf8.count,
                    expected: "the values, 9223372036854775807 × 4 bytes, of which 8 are left"))
        var long = file(header(), eight, version: 2)
        long.replaceSubrange(8..<12, with: [UInt32.max].littleEndianBytes)
        #expect(
            refusal(of: long)
                == .unexpected(
                    offset: 8, expected: "the header's length, at most 65536",
                    found: "4294967295"))
        // No bytes at all, and yet rows of no values or of too many.
        for shape in ["(5, 0)", "(0,)", "(0, 1048577)", "(0, 9223372036854775807)"] {
            #expect(throws: VectorFileError.self, "\(shape)") {
                try NumpyArray(.memory(file(header(shape: shape)))).rows()
            }
        }
    }

    @Test func `every truncation and any byte too many is refused`() {
        for version in [1, 2, 3] as [UInt8] {
            let bytes = file(header(), eight, version: version)
            for length in 0..<bytes.count {
                guard case .truncated(let offset, _) = refusal(of: Array(bytes.prefix(length)))
                else {
                    Issue.record("\(length) bytes are not told as cut short")
                    continue
                }
                #expect(offset <= length)
            }
            #expect(refusal(of: bytes + [0]) == .trailing(offset: bytes.count, count: 1))
        }
    }
}
