import Kernels
import TestSupport
import Testing

struct StoredRowsTests {
    private func mapped(_ bytes: [UInt8]) throws -> StoredBytes {
        let folder = try TemporaryFolder()
        return .mapped(try MappedFile(path: folder.write(bytes, to: "file")))
    }

    @Test func `every half is widened exactly`() throws {
        let all = Array(UInt16.min ... .max)
        let stored = StoredBytes.memory(all.littleEndianBytes)
        for dimension in [1, 64, 65536] {
            let rows = try #require(
                StoredRows(
                    stored, byteOffset: 0, dimension: dimension, count: all.count / dimension,
                    element: .half)
            ).all()
            for (bits, value) in zip(all, rows.values) {
                let exact = Float(Float16(bitPattern: bits))
                #expect(
                    value.bitPattern == exact.bitPattern || (value.isNaN && exact.isNaN),
                    "half \(bits)")
                #expect(!value.isSignalingNaN && value.sign == exact.sign, "half \(bits)")
            }
        }
    }

    @Test func `rows are read at any offset and stride`() throws {
        var generator = SeededGenerator(seed: 71)
        for dimension in [1, 3, 8, 33] {
            let rows = FloatRows(dimension: dimension, values: generator.floats(dimension * 5))
            for offset in 0...9 {
                for gap in [0, 1, 4, 7] {
                    var bytes = [UInt8](repeating: 0xFF, count: offset)
                    for row in 0..<5 {
                        bytes += rows.littleEndianBytes(ofRow: row)
                        if row < 4 { bytes += [UInt8](repeating: 0xFF, count: gap) }
                    }
                    for stored in [StoredBytes.memory(bytes), try mapped(bytes)] {
                        let read = try #require(
                            StoredRows(
                                stored, byteOffset: offset, dimension: dimension, count: 5,
                                element: .float, strideInBytes: dimension * 4 + gap))
                        #expect(read.all() == rows)
                        #expect(
                            read.rows(1..<4).values == Array(rows.values[dimension..<dimension * 4])
                        )
                        #expect(read.rows(5..<5).count == 0)
                        #expect(Array(read.blocks(of: 2)).map(\.count) == [2, 2, 1])
                        #expect(read.blocks(of: 2).flatMap(\.values) == rows.values)
                    }
                }
            }
        }
    }

    @Test func `rows outside the bytes are refused`() {
        let bytes = StoredBytes.memory([UInt8](repeating: 0, count: 48))
        func count(
            at offset: Int = 0, _ dimension: Int, _ count: Int, stride: Int? = nil,
            _ element: StoredRows.Element = .float
        ) -> Int? {
            StoredRows(
                bytes, byteOffset: offset, dimension: dimension, count: count, element: element,
                strideInBytes: stride)?.count
        }
        #expect(count(3, 4) == 4)
        #expect(count(3, 8, .half) == 8)
        #expect(count(at: 1, 3, 4) == nil)
        #expect(count(at: 36, 3, 1) == 1)
        #expect(count(at: 48, 3, 0) == 0)
        #expect(count(at: 49, 3, 0) == nil)
        #expect(count(at: -1, 3, 0) == nil)
        #expect(count(3, 5) == nil)
        #expect(count(2, 4, stride: 13) == 4)
        #expect(count(2, 4, stride: 14) == nil)
        #expect(count(2, 4, stride: 7) == nil)
        #expect(count(2, 1, stride: -8) == nil)
        #expect(count(0, 1) == nil)
        #expect(count(-1, 1) == nil)
        #expect(count(1, -1) == nil)
        #expect(count(.max, 1) == nil)
        #expect(count(1, .max) == nil)
        #expect(count(1 << 61, 8) == nil)
        #expect(count(1, 2, stride: .max) == nil)
    }

    @Test func `rows that lie anywhere are read, and those that leave the bytes refused`() throws {
        let bytes = StoredBytes.memory(
            [9] + [Float(1), 2, 3, 4, 5].flatMap { [$0.bitPattern].littleEndianBytes })
        func rows(_ places: [Int]) -> StoredRows? {
            StoredRows(bytes, places: places, dimension: 2, element: .float)
        }
        let read = try #require(rows([13, 1, 5, 13]))
        #expect(read.all().values == [4, 5, 1, 2, 2, 3, 4, 5])
        #expect(read.rows(1..<3).values == [1, 2, 2, 3] && rows([])?.count == 0)
        for odd in [14, 21, -1, .max, .min] { #expect(rows([1, odd]) == nil, "\(odd)") }
        #expect(StoredRows(bytes, places: [0], dimension: 6, element: .float) == nil)
        #expect(StoredRows(bytes, places: [0], dimension: .max, element: .float) == nil)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func `codes of any width are told from their neighbours`(bits: Int) throws {
        for dimension in [1, 2, 3, 7, 8, 9, 16, 17] {
            let codes = (0..<2 * dimension).map { UInt8(truncatingIfNeeded: $0 * 37 + bits) }
            let scale = ValueScale(
                bits: bits, least: (0..<dimension).map { Float($0) - 2.7 },
                spread: (0..<dimension).map { 0.3 * Float($0) })
            let width = try #require(scale.byteCount(ofRow: dimension))
            let stored = StoredBytes.memory(Array(codes.prefix(2 * width)))
            let read = try #require(
                StoredRows(
                    stored, byteOffset: 0, dimension: dimension, count: 2,
                    element: .scaled(scale)))
            for row in 0..<2 {
                for column in 0..<dimension {
                    let code = (0..<bits).reduce(0) { sum, bit in
                        let place = column * bits + bit
                        return sum + Int(codes[row * width + place / 8] >> UInt8(place % 8) & 1)
                            << bit
                    }
                    let level = (Float(code) + 0.5) / Float(1 << bits - 1)
                    let (least, spread) = (scale.least[column], scale.spread[column])
                    let value =
                        dimension % 8 == 0
                        ? least.addingProduct(level, spread) : least + level * spread
                    #expect(read.rows(row..<row + 1).values[column] == value)
                }
            }
        }
        let scale = ValueScale(bits: bits, least: [0, 0], spread: [1, 1])
        #expect(
            StoredRows(
                .memory([0, 0, 0]), byteOffset: 0, dimension: 3, count: 1, element: .scaled(scale))
                == nil)
        #expect(scale.byteCount(ofRow: .max) == nil)
    }

    @Test func `integers are read at any offset`() throws {
        var bytes: [UInt8] = [7]
        bytes += [Int64.min, -1, 0x0102_0304_0506_0708].littleEndianBytes
        for stored in [StoredBytes.memory(bytes), try mapped(bytes)] {
            #expect(stored.count == 25)
            #expect(stored.bytes(0..<2) == [7, 0])
            #expect(stored.integer(at: 17, as: UInt16.self) == 0x0708)
            #expect(stored.integer(at: 1, as: Int64.self) == .min)
            #expect(stored.integers(at: 1, count: 3) == [Int64.min, -1, 0x0102_0304_0506_0708])
            #expect(stored.integers(at: 25, count: 0, as: Int64.self) == [])
        }
        for empty in [StoredBytes.memory([]), try mapped([])] {
            #expect(empty.count == 0)
            #expect(empty.bytes(0..<0) == [])
            #expect(empty.integers(at: 0, count: 0, as: Int64.self) == [])
        }
    }

    @Test func `a block of rows in memory is cut into blocks`() {
        let rows = FloatRows(dimension: 2, values: [1, 2, 3, 4, 5, 6])
        #expect(rows.blocks(of: 2).map(\.values) == [[1, 2, 3, 4], [5, 6]])
        #expect(rows.blocks(of: 3).map(\.values) == [rows.values])
        #expect(Array(FloatRows(dimension: 2, count: 0).blocks(of: 1)).isEmpty)
    }
}
