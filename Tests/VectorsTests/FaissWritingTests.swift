import Kernels
import TestSupport
import Testing
import Vectors

/// `IndexIVFFlat` and `IndexScalarQuantizer` files that are written here.
struct FaissWritingTests {
    private let rows: FloatRows

    init() {
        var generator = SeededGenerator(seed: 72)
        rows = FloatRows(dimension: 6, values: generator.floats(6 * 900))
    }

    private func lists(_ metric: FaissMetric, of rows: FloatRows, ids: [Int64]) -> [UInt8] {
        func some(_ numbers: [Int]) -> FloatRows {
            FloatRows(dimension: rows.dimension, values: numbers.flatMap { rows[$0] })
        }
        var lists = FaissLists(metric: metric, count: rows.count, rows: some)
        for block in rows.blocks(of: 77) { lists.add(block) }
        #expect(lists.members.count == max(1, Int(Double(rows.count).squareRoot())))
        #expect(lists.members.joined().sorted() == Array(0..<rows.count))
        var bytes: [UInt8] = []
        lists.write(ids: ids, rows: some) { bytes += $0 }
        return bytes
    }

    @Test(arguments: FaissMetric.allCases)
    func `lists that are written are read`(metric: FaissMetric) throws {
        for count in [1, 2, 3, 900] {
            let some = FloatRows(dimension: 6, values: Array(rows.values.prefix(6 * count)))
            let numbered = try FaissIndex(.memory(lists(metric, of: some, ids: [])))
            #expect(numbered.isNumbered && numbered.rows.all() == some)
            #expect(numbered.layout.metric == metric && numbered.layout.count == count)
            let ids = (0..<Int64(count)).map { 5000 - 3 * $0 }
            let named = try FaissIndex(.memory(lists(metric, of: some, ids: ids)))
            #expect(named.allIDs == ids.reversed())
            #expect(named.rows.rows(0..<1).values == Array(some[count - 1]))
        }
    }

    @Test func `of equal rows, all but one list is empty, which is written so`() throws {
        let same = FloatRows(
            dimension: 2, values: Array([[Float]](repeating: [3, 4], count: 100).joined()))
        let bytes = lists(.squaredDistance, of: same, ids: [])
        #expect(bytes.firstRange(of: Array("sprs".utf8)) != nil)
        #expect(try FaissIndex(.memory(bytes)).rows.all() == same)
    }

    private func written(_ type: FaissScalarType, _ rows: FloatRows) throws -> FloatRows {
        let codes = try #require(
            FaissScalarCodes(type, of: rows.blocks(of: 100), dimension: rows.dimension))
        let layout = FaissLayout(
            identifiers: .map2, metric: .innerProduct, dimension: rows.dimension,
            count: rows.count)
        var bytes: [UInt8] = []
        FaissFile.write(
            layout, codes: codes, rows: rows.blocks(of: 70), ids: (0..<Int64(rows.count)).reversed()
        ) { bytes += $0 }
        let index = try FaissIndex(.memory(bytes))
        #expect(index.layout.storage == .codes(type) && index.layout.identifiers == .map2)
        #expect(index.allIDs == (0..<Int64(rows.count)).reversed())
        return index.rows.all()
    }

    @Test func `codes of a byte are off by half a step at most`() throws {
        let read = try written(.eightBits, rows)
        for column in 0..<6 {
            let values = (0..<rows.count).map { rows[$0][$0 * 6 + column] }
            let step = ((values.max() ?? 0) - (values.min() ?? 0)) / 255
            let error = (0..<rows.count).map { abs(read.values[$0 * 6 + column] - values[$0]) }
            #expect(error.allSatisfy { $0 <= step * 0.501 })
        }
    }

    @Test func `halves are the nearest ones`() throws {
        let special = FloatRows(
            dimension: 2, values: [1 + 0x1p-11, 1 + 3 * 0x1p-11, 65519, -0.0, 0x1p-25, 0x1.8p-24])
        #expect(try written(.half, special).values == [1, 1 + 0x1p-9, 65504, -0.0, 0, 0x1p-23])
    }

    @Test func `an index without rows is written`() throws {
        for type in [FaissScalarType.eightBits, .half] {
            #expect(try written(type, FloatRows(dimension: 3, count: 0)).count == 0)
        }
    }

    @Test func `values that codes cannot hold are refused`() {
        func codes(_ type: FaissScalarType, _ values: [Float]) -> FaissScalarCodes? {
            let rows = FloatRows(dimension: 1, values: values)
            return FaissScalarCodes(type, of: CollectionOfOne(rows), dimension: 1)
        }
        for type in [FaissScalarType.eightBits, .half] {
            #expect(codes(type, [1, .nan]) == nil && codes(type, [-.infinity]) == nil)
        }
        #expect(codes(.half, [65519]) != nil && codes(.half, [-65520]) == nil)
        #expect(codes(.eightBits, [-3e38, 3e38]) == nil && codes(.eightBits, [3e38]) != nil)
    }
}
