import Kernels
import TestSupport
import Testing
import Vectors

struct FaissFileTests {
    private let rows = FloatRows(
        dimension: 3, values: [1, -2, 0.5, -0.0, .leastNonzeroMagnitude, 3e38])
    private let ids: [Int64] = [-7, .max]

    private func bytes(_ identifiers: FaissIdentifiers, _ metric: FaissMetric) -> [UInt8] {
        let layout = FaissLayout(
            identifiers: identifiers, metric: metric, dimension: rows.dimension, count: rows.count)
        var bytes: [UInt8] = []
        FaissFile.write(
            layout, rows: rows.blocks(of: 1), ids: identifiers == .rowNumbers ? [] : ids
        ) { bytes += $0 }
        return bytes
    }

    private func refusal(of bytes: [UInt8]) -> VectorFileError? {
        #expect(throws: VectorFileError.self) { try FaissIndex(.memory(bytes)) }
    }

    /// Replaces bytes of a file.
    private func patched(_ bytes: [UInt8], at offset: Int, _ patch: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(offset..<offset + patch.count, with: patch)
        return bytes
    }

    @Test(arguments: FaissIdentifiers.allCases, FaissMetric.allCases)
    func `what is written is read`(identifiers: FaissIdentifiers, metric: FaissMetric) throws {
        let bytes = bytes(identifiers, metric)
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "index.faiss")
        for index in [try FaissIndex(.memory(bytes)), try FaissIndex(path: path)] {
            #expect(index.layout.identifiers == identifiers && index.layout.metric == metric)
            #expect(index.layout.dimension == 3 && index.layout.count == 2)
            #expect(index.rows.all().littleEndianBytes == rows.littleEndianBytes)
            #expect(index.allIDs == (identifiers == .rowNumbers ? [0, 1] : ids))
            #expect(index.ids(1..<2) == [identifiers == .rowNumbers ? 1 : .max])
            #expect(index.ids(2..<2) == [])
        }
    }

    @Test func `an empty index and one of a thousand blocks are read`() throws {
        #expect(
            try FaissIndex(.memory(FaissFile.bytes(of: FloatRows(dimension: 5, count: 0), ids: [])))
                .rows.count == 0)
        let count = 20_000
        let layout = FaissLayout(
            identifiers: .map, metric: .squaredDistance, dimension: 2, count: count)
        let rows = FloatRows(dimension: 2, values: (0..<2 * count).map(Float.init))
        var (bytes, longest) = ([UInt8](), 0)
        FaissFile.write(layout, rows: rows.blocks(of: 20), ids: (0..<Int64(count)).reversed()) {
            bytes += $0
            longest = max(longest, $0.count)
        }
        #expect(longest <= 1 << 16)
        let index = try FaissIndex(.memory(bytes))
        #expect(index.rows.all() == rows)
        #expect(index.allIDs == (0..<Int64(count)).reversed())
    }

    @Test func `a sink that fails ends the writing`() {
        struct Full: Error {}
        let layout = FaissLayout(
            identifiers: .rowNumbers, metric: .innerProduct, dimension: 3, count: 2)
        var calls = 0
        #expect(throws: Full.self) {
            try FaissFile.write(layout, rows: rows.blocks(of: 1)) { _ in
                calls += 1
                if calls == 2 { throw Full() }
            }
        }
        #expect(calls == 2)
    }

    @Test(arguments: FaissIdentifiers.allCases, FaissMetric.allCases)
    func `every truncation and any byte too many is refused`(
        identifiers: FaissIdentifiers, metric: FaissMetric
    ) throws {
        let bytes = bytes(identifiers, metric)
        for length in 0..<bytes.count {
            guard case .truncated(let offset, _) = refusal(of: Array(bytes.prefix(length))) else {
                Issue.record("\(length) bytes are not told as cut short")
                continue
            }
            #expect(offset <= length)
        }
        #expect(refusal(of: bytes + [0]) == .trailing(offset: bytes.count, count: 1))
    }

    @Test func `sizes that no file has are refused`() {
        let flat = bytes(.rowNumbers, .innerProduct)
        // 3 · (2⁶³ − 1) overflows 64 bits.
        #expect(
            refusal(of: patched(flat, at: 8, [Int64.max].littleEndianBytes))
                == .truncated(offset: 37, expected: "\(Int64.max) × 3 vectors"))
        for count in [-1, .min] as [Int64] {
            #expect(
                refusal(of: patched(flat, at: 8, [count].littleEndianBytes))
                    == .unexpected(
                        offset: 8, expected: "the number of vectors, at least 0", found: "\(count)")
            )
        }
        for dimension in [0, -1, .min, 1 << 20 + 1, .max] as [Int32] {
            #expect(
                refusal(of: patched(flat, at: 4, [dimension].littleEndianBytes))
                    == .unexpected(
                        offset: 4, expected: "the length of a vector, 1 to 1048576",
                        found: "\(dimension)"))
        }
        // Counts that agree with each other, and not with the file.
        for count in [3, 1 << 40, 1 << 60] as [Int64] {
            var huge = patched(flat, at: 8, [count].littleEndianBytes)
            huge = patched(huge, at: 37, [UInt64(count) * 3].littleEndianBytes)
            #expect(
                refusal(of: huge)
                    == .truncated(
                        offset: 45,
                        expected: "the vectors, \(count * 3) × 4 bytes, of which 24 are left"))
        }
        #expect(
            refusal(of: patched(flat, at: 37, [UInt64(5)].littleEndianBytes))
                == .unexpected(offset: 37, expected: "the number of floats, 6", found: "5"))
        let map = bytes(.map2, .innerProduct)
        #expect(
            refusal(of: patched(map, at: map.count - 24, [UInt64.max].littleEndianBytes))
                == .unexpected(
                    offset: map.count - 24, expected: "the number of ids, 2",
                    found: "\(UInt64.max)"))
    }

    @Test func `headers that contradict each other are refused`() {
        let flat = bytes(.rowNumbers, .innerProduct)
        #expect(
            refusal(of: patched(flat, at: 32, [2]))
                == .unexpected(
                    offset: 32, expected: "whether the index is trained, 0 or 1", found: "2"))
        #expect(
            refusal(of: patched(flat, at: 33, [1, 0, 0, 0]))
                == .unexpected(offset: 33, expected: "the metric of IxFI", found: "1"))
        #expect(
            refusal(of: patched(flat, at: 33, [2, 0, 0, 0]))
                == .unsupported(
                    offset: 33, found: "metric 2",
                    supported: "metrics 0 (inner product) and 1 (L2)"))
        let map = bytes(.map, .innerProduct)
        #expect(
            refusal(of: patched(map, at: 8, [Int64(3)].littleEndianBytes))
                == .unexpected(
                    offset: 37, expected: "an index of 3 × 3 with metric 0",
                    found: "an index of 2 × 3 with metric 0"))
    }

    @Test func `an index of any metric may be marked as neither`() throws {
        for metric in FaissMetric.allCases {
            let marked = patched(bytes(.rowNumbers, metric), at: 0, Array("IxFl".utf8))
            #expect(try FaissIndex(.memory(marked)).layout.metric == metric)
        }
    }

    @Test func `an index of another kind is named`() {
        let supported =
            "IndexFlatIP, IndexFlatL2, IndexIVFFlat, IndexScalarQuantizer, IndexHNSWFlat, and "
            + "IndexIDMap or IndexIDMap2 over them "
            + "(IxFI, IxF2, IxFl, IwFl, IxSQ, IHNf, IxMp, IxM2)"
        func check(_ code: [UInt8], below map: Bool = false, _ found: String) {
            let bytes = patched(bytes(.map, .innerProduct), at: map ? 37 : 0, code)
            #expect(
                refusal(of: bytes)
                    == .unsupported(offset: map ? 37 : 0, found: found, supported: supported))
        }
        check(Array("IwPQ".utf8), "IwPQ (IndexIVFPQ)")
        check(Array("IxZZ".utf8), "IxZZ")
        check(Array("IxFI".utf8.reversed()), "IFxI, an index in big-endian order,")
        check([0x89, 0x50, 0x4E, 0x00], "0x89504e00")
        check(Array("null".utf8), below: true, "null (no index) below a map of ids")
        check(Array("IxM2".utf8), below: true, "IxM2 (IndexIDMap2) below a map of ids")
    }

    @Test func `a file that is not there is told with its errno`() {
        #expect(throws: VectorFileError.unreadable(.system(call: "open", errno: 2))) {
            try FaissIndex(path: "/nonexistent")
        }
    }

    /// Old readers know this layout; the bytes must not change.
    @Test func `a map over inner products is written as FAISS does`() {
        let header: [UInt8] =
            [1, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 16, 0, 0, 0, 0, 0]
            + [0, 0, 16, 0, 0, 0, 0, 0] + [1] + [0, 0, 0, 0]
        let one: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
        let expected =
            Array("IxM2".utf8) + header + Array("IxFI".utf8) + header + one + [0, 0, 0x80, 0x3F]
            + one + [9, 0, 0, 0, 0, 0, 0, 0]
        #expect(FaissFile.bytes(of: FloatRows(dimension: 1, values: [1]), ids: [9]) == expected)
    }
}
