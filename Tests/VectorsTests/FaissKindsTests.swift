import Kernels
import TestSupport
import Testing
import Vectors

/// `IndexIVFFlat`, `IndexScalarQuantizer` and `IndexHNSWFlat` files.
struct FaissKindsTests {
    private let rows = FaissFixture.rows

    private func refusal(of bytes: [UInt8]) -> VectorFileError? {
        #expect(throws: VectorFileError.self) { try FaissIndex(.memory(bytes)) }
    }

    /// Files with 64-bit numbers, or other bytes, put in place, and what is said of them.
    private func check(
        _ bytes: [UInt8], at offset: Int, _ patch: [UInt8], _ expected: String, _ found: String
    ) {
        #expect(
            refusal(of: FaissFixture.patched(bytes, at: offset, patch))
                == .unexpected(offset: offset, expected: expected, found: found))
    }

    private static let codes = FaissFixture.codes(
        type: 0, trained: [-1, 10, 2, 0], codes: [0, 0, 128, 7, 255, 255])

    @Test(arguments: [0, 1, 2] as [UInt8], [false, true])
    func `an inverted file is read by its ids`(directMap: UInt8, isSparse: Bool) throws {
        for metric in FaissMetric.allCases {
            let bytes = FaissFixture.lists(
                directMap: directMap, isSparse: isSparse, metric: metric.rawValue)
            let index = try FaissIndex(.memory(bytes))
            #expect(
                index.layout
                    == FaissLayout(
                        identifiers: .rowNumbers, metric: metric, dimension: 2, count: 3,
                        storage: .lists(2)))
            #expect(index.isNumbered && index.allIDs == [0, 1, 2])
            #expect(index.rows.all().littleEndianBytes == rows.littleEndianBytes)
        }
        let bytes = FaissFixture.lists(
            ids: [7, .min, .max], directMap: directMap, isSparse: isSparse)
        let index = try FaissIndex(.memory(bytes))
        #expect(!index.isNumbered && index.allIDs == [.min, 7, .max] && index.ids(1..<2) == [7])
        #expect(index.rows.all().values == [0.5, -0.0, 1, -2, 3e38, 4])
    }

    @Test func `below a map an inverted file's ids are places in the map`() throws {
        let ids: [Int64] = [70, 71, 72]
        let bytes = FaissFixture.mapped(FaissFixture.lists(ids: [2, 0, 1]), ids: ids)
        let index = try FaissIndex(.memory(bytes))
        #expect(index.layout.identifiers == .map && index.layout.storage == .lists(2))
        #expect(index.allIDs == ids && index.ids(2..<3) == [72])
        #expect(index.rows.all().values == [0.5, -0.0, 3e38, 4, 1, -2])
        for odd in [3, -1] as [Int64] {
            let bytes = FaissFixture.mapped(FaissFixture.lists(ids: [0, 1, odd]), ids: ids)
            #expect(
                refusal(of: bytes)
                    == .unexpected(
                        offset: 37, expected: "lists with ids below 3, under a map", found: "\(odd)"
                    ))
        }
    }

    @Test func `an inverted file may hold fewer rows than FAISS counted`() throws {
        // FAISS counts a row with NaN and gives it to no list.
        let bytes = FaissFixture.patched(FaissFixture.lists(), at: 8, FaissFixture.words(4))
        #expect(try FaissIndex(.memory(bytes)).layout.count == 3)
    }

    @Test func `codes are what FAISS makes of them`() throws {
        func fine(_ code: Float) -> Float { (code + 0.5) / 255 }
        func middle(_ code: Float) -> Float { (code + 0.5) / 63 }
        func coarse(_ code: Float) -> Float { (code + 0.5) / 15 }
        for (type, trained, codes, expected) in [
            // Of a column without spread nothing but the least value is left.
            (
                .eightBits, [-1, 10, 2, 0], [0, 0, 128, 7, 255, 255],
                [-1 + fine(0) * 2, 10, -1 + fine(128) * 2, 10, -1 + fine(255) * 2, 10]
            ),
            (
                .eightBitsUniform, [1, 3], [0, 1, 2, 3, 4, 5],
                (0...5).map { 1 + fine(Float($0)) * 3 }
            ),
            // The even column stands in the lower half of a byte.
            (
                .fourBits, [0, 1, 1, 7], [0xF0, 0x0F, 0],
                [coarse(0), 1 + coarse(15) * 7, coarse(15), 1 + coarse(0) * 7]
                    + [coarse(0), 1 + coarse(0) * 7]
            ),
            (
                .fourBitsUniform, [2, 5], [0x21, 0x43, 0x65],
                (1...6).map { 2 + coarse(Float($0)) * 5 }
            ),
            // Six bits and six bits, from the lowest on.
            (
                .sixBits, [0, 0, 1, 1], [0x41, 0x00, 0xC0, 0x0F, 0, 0],
                [middle(1), middle(1), middle(0), middle(63), middle(0), middle(0)]
            ),
            (.byte, [], [0, 1, 127, 128, 254, 255], [0, 1, 127, 128, 254, 255]),
            (.signedByte, [], [0, 1, 127, 128, 254, 255], [-128, -127, -1, 0, 126, 127]),
            (
                .half, [], [0, 0x3C, 0, 0xC0, 1, 0, 0xFF, 0x7B, 0, 0x80, 0, 0x38],
                [1, -2, 0x1p-24, 65504, -0.0, 0.5]
            ),
            (
                .upperHalf, [], [0x80, 0x3F, 0, 0xC0, 1, 0, 0, 0x7F, 0, 0x80, 0, 0x3F],
                [1, -2, 0x1p-133, 0x1p127, -0.0, 0.5]
            ),
        ] as [(FaissScalarType, [Float], [UInt8], [Float])] {
            let bytes = FaissFixture.codes(type: type.rawValue, trained: trained, codes: codes)
            let index = try FaissIndex(.memory(bytes))
            #expect(index.layout.storage == .codes(type) && index.isNumbered)
            #expect(
                index.rows.all().littleEndianBytes
                    == FloatRows(dimension: 2, values: expected).littleEndianBytes, "\(type)")
            #expect(index.rows.rows(1..<2).values.elementsEqual(expected[2..<4]))
        }
    }

    @Test func `the vectors beside a graph are read, bare and below a map`() throws {
        for metric in FaissMetric.allCases {
            let graph = FaissFixture.graph(metric: metric.rawValue)
            let bare = try FaissIndex(.memory(graph))
            #expect(
                bare.layout
                    == FaissLayout(
                        identifiers: .rowNumbers, metric: metric, dimension: 2, count: 3,
                        storage: .graph))
            let mapped = try FaissIndex(
                .memory(FaissFixture.mapped(graph, ids: [9, 8, 9], metric: metric.rawValue)))
            #expect(mapped.layout.identifiers == .map && mapped.allIDs == [9, 8, 9])
            for index in [bare, mapped] {
                #expect(index.rows.all().littleEndianBytes == rows.littleEndianBytes)
            }
        }
    }

    @Test(arguments: [
        FaissFixture.lists(), FaissFixture.lists(directMap: 1),
        FaissFixture.lists(directMap: 2, isSparse: true), codes, FaissFixture.graph(),
        FaissFixture.mapped(FaissFixture.lists(), ids: [3, 4, 5]),
        FaissFixture.mapped(codes, ids: [3, 4, 5]),
        FaissFixture.mapped(FaissFixture.graph(), ids: [3, 4, 5]),
    ])
    func `every truncation and any byte too many is refused`(bytes: [UInt8]) {
        for length in 0..<bytes.count {
            guard case .truncated(let offset, _) = refusal(of: Array(bytes.prefix(length))) else {
                Issue.record("\(length) bytes are not told as cut short")
                continue
            }
            #expect(offset <= length)
        }
        #expect(refusal(of: bytes + [0]) == .trailing(offset: bytes.count, count: 1))
    }

    @Test func `an inverted file that contradicts itself is refused`() {
        let full = FaissFixture.lists()
        let sparse = FaissFixture.lists(isSparse: true)
        func word(_ number: UInt64) -> [UInt8] { [number].littleEndianBytes }
        for count in [0, 1 << 31, .max] as [UInt64] {
            check(full, at: 37, word(count), "the number of lists, 1 to 2147483647", "\(count)")
        }
        #expect(
            refusal(of: FaissFixture.patched(full, at: 37, word(3)))
                == .unexpected(
                    offset: 53, expected: "a quantizer of 3 × 2", found: "one of 2 × 2"))
        check(full, at: 114, [3], "the type of the direct map, 0 to 2", "3")
        check(full, at: 127, word(1), "the number of lists, 2", "1")
        check(full, at: 135, word(4), "the size of a vector, 8", "4")
        check(full, at: 143, Array("none".utf8), "the sizes of the lists, full or sprs", "none")
        check(full, at: 147, word(.max), "the number of sizes, 2", "\(UInt64.max)")
        check(full, at: 155, word(.max), "the size of a list, at most 3", "\(UInt64.max)")
        check(full, at: 163, word(2), "the size of a list, at most 1", "2")
        check(sparse, at: 155, word(2), "a list's number, 0 to 1", "2")
        check(sparse, at: 171, word(0), "a list's number, 1 to 1", "0")
        check(
            sparse, at: 147, word(3), "the number of the lists' numbers and sizes, even", "3")
        #expect(
            refusal(of: FaissFixture.patched(full, at: 115, word(.max)))
                == .truncated(
                    offset: 123,
                    expected: "the direct map, \(UInt64.max) × 8 bytes, of which "
                        + "\(full.count - 123) are left"))
        // A list of four billion rows, which the header counts, too.
        var huge = FaissFixture.patched(full, at: 8, word(1 << 40))
        huge = FaissFixture.patched(huge, at: 155, word(1 << 32))
        #expect(
            refusal(of: huge)
                == .truncated(
                    offset: 171,
                    expected: "the vectors of a list, 4294967296 × 8 bytes, of which "
                        + "\(full.count - 171) are left"))
    }

    @Test func `codes that contradict themselves are refused`() {
        func word(_ number: UInt64) -> [UInt8] { [number].littleEndianBytes }
        check(Self.codes, at: 49, word(3), "the length of a vector, 2", "3")
        check(Self.codes, at: 57, word(1), "the size of a code, 2", "1")
        check(Self.codes, at: 65, word(2), "the number of the scale's values, 4", "2")
        check(Self.codes, at: 89, word(7), "the number of bytes of codes, 6", "7")
        // 2 · (2⁶³ − 1) does not overflow; no file has so many bytes.
        var huge = FaissFixture.patched(Self.codes, at: 8, word(1 << 62))
        huge = FaissFixture.patched(huge, at: 89, word(1 << 63))
        #expect(
            refusal(of: huge)
                == .truncated(
                    offset: 97,
                    expected: "the codes, \(UInt64(1) << 63) bytes, of which 6 are left"))
    }

    @Test func `a graph that leads astray is refused`() {
        let graph = FaissFixture.graph()
        func word(_ number: UInt64) -> [UInt8] { [number].littleEndianBytes }
        func half(_ number: Int32) -> [UInt8] { [number].littleEndianBytes }
        check(graph, at: 61, word(0), "the number of the sizes of levels, 1 to 256", "0")
        check(graph, at: 69, half(1), "a size of levels, rising from 0", "1")
        check(graph, at: 77, half(3), "a size of levels, rising from 0", "3")
        check(graph, at: 81, word(4), "the number of levels of the rows, 3", "4")
        check(graph, at: 89, half(0), "the levels of row 0, 1 to 2", "0")
        check(graph, at: 97, half(3), "the levels of row 2, 1 to 2", "3")
        check(graph, at: 101, word(.max), "the number of offsets of edges, 4", "\(UInt64.max)")
        check(graph, at: 109, word(1), "the offset of row 0's edges, 0", "1")
        check(graph, at: 133, word(.max), "the offset of row 3's edges, 14", "\(UInt64.max)")
        check(graph, at: 141, word(13), "the number of edges, 14", "13")
        check(graph, at: 201, half(3), "an edge's end, -1 to 2", "3")
        check(graph, at: 149, half(-2), "an edge's end, -1 to 2", "-2")
        check(graph, at: 205, half(3), "the first row of a search, -1 to 2", "3")
        check(graph, at: 209, half(2), "the greatest level, -1 to 1", "2")
        #expect(
            refusal(of: FaissFixture.patched(graph, at: 233, word(2)))
                == .unexpected(
                    offset: 225, expected: "an index of 3 × 2 with metric 1",
                    found: "an index of 2 × 2 with metric 1"))
    }

    @Test func `what is not read is refused by its name`() {
        func check(_ bytes: [UInt8], at offset: Int, _ code: String, _ found: String) {
            guard
                case .unsupported(let place, let told, let supported) = refusal(
                    of: FaissFixture.patched(bytes, at: offset, Array(code.utf8)))
            else {
                Issue.record("\(code) is not told as unsupported")
                return
            }
            #expect(place == offset && told == found && !supported.isEmpty)
        }
        let lists = FaissFixture.lists()
        check(lists, at: 123, "ilod", "ilod (lists in a file of their own)")
        check(lists, at: 123, "il00", "il00 (no lists)")
        check(
            lists, at: 53, "IHNf", "IHNf (IndexHNSWFlat) as the quantizer of an IndexIVFFlat")
        check(lists, at: 0, "IwSq", "IwSq (IndexIVFScalarQuantizer)")
        check(lists, at: 33, "\u{2}\0\0\0", "metric 2")
        check(
            FaissFixture.graph(), at: 225, "null", "null (no index) below an IndexHNSWFlat")
        check(Self.codes, at: 37, "\u{9}\0\0\0", "a scalar quantizer of type 9")
    }
}
