import Kernels
import TestSupport
import Testing

struct MappedHalvesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func halves(_ values: [UInt16]) throws -> MappedHalves {
        let bytes = values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let file = try MappedFile(path: folder.write(bytes, to: "halves"))
        return try #require(MappedHalves(file: file, byteOffset: 0, count: values.count))
    }

    /// Halves that are numbers, of like size.
    private func randomHalves(_ count: Int, seed: UInt64) -> [UInt16] {
        var generator = SeededGenerator(seed: seed)
        return generator.floats(count).map { Float16($0).bitPattern }
    }

    @Test(arguments: InstructionSet.available)
    func `every half is widened exactly`(set: InstructionSet) throws {
        // 64 columns, so that both the wide loop and, below, the narrow one meet every value.
        for width in [64, 8] {
            let all = Array(UInt16.min ... .max)
            let table = try halves(all)
            var rows = FloatRows(dimension: width, count: all.count / width)
            for row in 0..<rows.count {
                rows.addSum(of: table, at: [Int32(row)], to: row, using: set)
            }
            for (bits, value) in zip(all, rows.values) {
                let exact = Float(Float16(bitPattern: bits))
                #expect(value == exact || (value.isNaN && exact.isNaN), "half \(bits)")
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `sums are those of double precision`(set: InstructionSet) throws {
        for width in edgeSizes + [256] {
            let values = randomHalves(width * 7, seed: 60)
            let table = try halves(values)
            for count in [0, 1, 2, 255, 256, 257, 1000] {
                let indices = (0..<count).map { Int32($0 * 5 % 7) }
                var rows = FloatRows(dimension: width, count: 2)
                rows.addSum(of: table, at: indices, to: 1, using: set)
                #expect(rows[0].allSatisfy { $0 == 0 })
                for column in 0..<width {
                    let terms = indices.map {
                        Double(Float16(bitPattern: values[Int($0) * width + column]))
                    }
                    let limit =
                        Double(260 + count / 256) * 0x1p-24 * terms.reduce(0) { $0 + $1.magnitude }
                    let error = Double(rows[1][width + column]) - terms.reduce(0, +)
                    #expect(error.magnitude <= limit, "width \(width), \(count) rows")
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `every instruction set gives the bits of the scalar one`(set: InstructionSet) throws {
        for width in edgeSizes + [256] {
            let table = try halves(randomHalves(width * 11, seed: 61))
            let indices = (0..<300).map { Int32($0 * $0 % 11) }
            var (some, oracle) = (
                FloatRows(dimension: width, count: 1), FloatRows(dimension: width, count: 1)
            )
            some.addSum(of: table, at: indices, to: 0, using: set)
            oracle.addSum(of: table, at: indices, to: 0, using: .scalar)
            #expect(some == oracle, "width \(width)")
        }
    }

    @Test func `values lie wholly within the file`() throws {
        let file = try MappedFile(path: folder.write([0, 0x3C, 0, 0xC0, 7], to: "file"))
        func count(_ byteOffset: Int, _ count: Int) -> Int? {
            MappedHalves(file: file, byteOffset: byteOffset, count: count)?.count
        }
        #expect(count(0, 2) == 2 && count(2, 1) == 1 && count(4, 0) == 0)
        for (byteOffset, length) in [
            (0, 3), (4, 1), (1, 1), (-2, 1), (6, 0), (.min, 1), (.max - 1, 1), (0, -1), (0, .max),
            (0, 1 << 62), (0, .min),
        ] {
            #expect(count(byteOffset, length) == nil, "\(length) at \(byteOffset)")
        }
        let empty = try MappedFile(path: folder.write("", to: "empty"))
        let none = try #require(MappedHalves(file: empty, byteOffset: 0, count: 0))
        var rows = FloatRows(dimension: 3, count: 1)
        rows.addSum(of: none, at: [], to: 0)
        #expect(rows.values == [0, 0, 0])
    }

    @Test func `an index outside the table is a broken promise`() async {
        for index: Int32 in [-1, 2, .max] {
            await #expect(processExitsWith: .failure) { [index = index as Int32] in
                let folder = try TemporaryFolder()
                let file = try MappedFile(path: folder.write([0, 0, 0, 0], to: "file"))
                guard let table = MappedHalves(file: file, byteOffset: 0, count: 2) else { return }
                var rows = FloatRows(dimension: 1, count: 1)
                rows.addSum(of: table, at: [index], to: 0)
            }
        }
    }
}
