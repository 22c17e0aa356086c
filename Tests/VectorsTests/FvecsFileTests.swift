import Kernels
import TestSupport
import Testing
import Vectors

struct FvecsFileTests {
    private func refusal(of bytes: [UInt8]) -> VectorFileError? {
        #expect(throws: VectorFileError.self) { try FvecsFile.rows(in: .memory(bytes)) }
    }

    @Test func `rows that are written are read`() throws {
        var generator = SeededGenerator(seed: 62)
        let folder = try TemporaryFolder()
        for (count, dimension) in [(1, 1), (5, 7), (100, 128)] {
            let rows = FloatRows(
                dimension: dimension, values: generator.floats(count * dimension))
            let bytes = FvecsFile.bytes(of: rows)
            var streamed: [UInt8] = []
            FvecsFile.write(rows.blocks(of: 3)) { streamed += $0 }
            #expect(streamed == bytes && bytes.count == count * (4 + 4 * dimension))
            let path = try folder.write(bytes, to: "rows.fvecs")
            #expect(try FvecsFile.rows(in: .memory(bytes)).all() == rows)
            #expect(try FvecsFile.rows(at: path).all() == rows)
        }
    }

    @Test func `a row is its length and its values`() {
        let bytes = FvecsFile.bytes(of: FloatRows(dimension: 1, values: [1, -2]))
        #expect(bytes == [1, 0, 0, 0, 0, 0, 0x80, 0x3F, 1, 0, 0, 0, 0, 0, 0, 0xC0])
    }

    @Test func `a row of another length is named`() {
        let bytes = FvecsFile.bytes(of: FloatRows(dimension: 2, count: 2))
        for length in [1, 3, 0, -1, .max] as [Int32] {
            var bytes = bytes
            bytes.replaceSubrange(12..<16, with: [length].littleEndianBytes)
            #expect(
                refusal(of: bytes)
                    == .unexpected(offset: 12, expected: "row 1, 2 long", found: "\(length)"))
        }
        for length in [0, -1, 1 << 20 + 1, .max] as [Int32] {
            #expect(
                refusal(of: [length].littleEndianBytes + bytes)
                    == .unexpected(
                        offset: 0, expected: "the length of a row, 1 to 1048576",
                        found: "\(length)"))
        }
    }

    @Test func `only whole rows are read, and at least one`() throws {
        let bytes = FvecsFile.bytes(of: FloatRows(dimension: 2, count: 3))
        for length in 0..<bytes.count {
            let prefix = Array(bytes.prefix(length))
            if length > 0 && length % 12 == 0 {
                #expect(try FvecsFile.rows(in: .memory(prefix)).count == length / 12)
            } else if case .truncated(let offset, _) = refusal(of: prefix) {
                #expect(offset <= length)
            } else {
                Issue.record("\(length) bytes are not told as cut short")
            }
        }
    }

    @Test func `the first bytes tell the format`() throws {
        let rows = FloatRows(dimension: 2, values: [1, 2, 3, 4])
        if case .numpy = try VectorFile(.memory(NumpyFile.bytes(of: rows))) {
        } else {
            Issue.record("no array")
        }
        if case .fvecs = try VectorFile(.memory(FvecsFile.bytes(of: rows))) {
        } else {
            Issue.record("no rows")
        }
        if case .faiss = try VectorFile(.memory(FaissFile.bytes(of: rows, ids: [1, 2]))) {
        } else {
            Issue.record("no index")
        }
        for bytes in [
            NumpyFile.bytes(of: rows), FvecsFile.bytes(of: rows),
            FaissFile.bytes(of: rows, ids: [1, 2]),
        ] {
            #expect(try VectorFile(.memory(bytes)).rows().all() == rows)
        }
        for bytes in [[], [1, 2, 3], Array("PK\u{3}\u{4}".utf8)] as [[UInt8]] {
            #expect(throws: VectorFileError.self) { try VectorFile(.memory(bytes)) }
        }
    }
}
