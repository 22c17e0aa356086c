import Foundation
import Kernels
import TestSupport
import Testing
import Vectors

/// Damaged files are refused or read; nothing else may happen to this process.
struct VectorFileFuzzTests {
    /// How often each format is tried; `CONDUCTOR_FUZZ` sets another number.
    private static let count =
        ProcessInfo.processInfo.environment["CONDUCTOR_FUZZ"].flatMap { Int($0) } ?? 100_000

    enum Format: String, CaseIterable, Sendable {
        case faiss
        case faissLists
        case faissCodes
        case faissGraph
        case numpy
        case fvecs

        /// Sound files, small enough that most mutations meet a header.
        var seeds: [[UInt8]] {
            var generator = SeededGenerator(seed: 63)
            return [(0, 1), (1, 1), (3, 2), (2, 16)].flatMap { count, dimension in
                let rows = FloatRows(
                    dimension: dimension, values: generator.floats(count * dimension))
                return seeds(rows)
            }
        }

        private func seeds(_ rows: FloatRows) -> [[UInt8]] {
            switch self {
            case .faiss:
                return FaissIdentifiers.allCases.flatMap { identifiers in
                    FaissMetric.allCases.map { metric in
                        let layout = FaissLayout(
                            identifiers: identifiers, metric: metric, dimension: rows.dimension,
                            count: rows.count)
                        let ids = identifiers == .rowNumbers ? [] : (0..<rows.count).map(Int64.init)
                        var bytes: [UInt8] = []
                        FaissFile.write(layout, rows: CollectionOfOne(rows), ids: ids) {
                            bytes += $0
                        }
                        return bytes
                    }
                }
            case .faissLists:
                return ([0, 1, 2] as [UInt8]).flatMap { map in
                    [false, true].flatMap { isSparse -> [[UInt8]] in
                        let lists = FaissFixture.lists(directMap: map, isSparse: isSparse)
                        return [lists, FaissFixture.mapped(lists, ids: [7, 5, 6])]
                    }
                }
            case .faissCodes:
                return FaissScalarType.allCases.map { type in
                    let isScaled = ![.half, .upperHalf, .byte, .signedByte].contains(type)
                    let isUniform = [.eightBitsUniform, .fourBitsUniform].contains(type)
                    let size = [.fourBits, .fourBitsUniform].contains(type) ? 1 : 2
                    let isWide = [.half, .upperHalf].contains(type)
                    return FaissFixture.codes(
                        type: type.rawValue,
                        trained: isScaled ? Array([-1, 2, 0.5, 3].prefix(isUniform ? 2 : 4)) : [],
                        codes: [UInt8](repeating: 0x5A, count: 3 * (isWide ? 4 : size)))
                }
            case .faissGraph:
                let graph = FaissFixture.graph()
                return [graph, FaissFixture.mapped(graph, ids: [4, 4, -1])]
            case .numpy:
                let ids = rows.values.map { Int64($0 * 1000) }
                let bytes = NumpyFile.bytes(of: rows)
                var second = bytes
                second[6] = 2
                second.insert(contentsOf: [0, 0], at: 10)
                var halves = Array(bytes.dropLast(rows.values.count * 2))
                halves[23] = UInt8(ascii: "2")
                return [
                    bytes, second, halves, NumpyFile.bytes(of: ids, columnCount: rows.dimension),
                ]
            case .fvecs:
                return rows.count == 0 ? [] : [FvecsFile.bytes(of: rows)]
            }
        }

        /// Reads all that a sound reader reads; returns whether the file was accepted.
        func read(_ bytes: StoredBytes) -> Bool {
            do throws(VectorFileError) {
                switch self {
                case .faiss, .faissLists, .faissCodes, .faissGraph:
                    let index = try FaissIndex(bytes)
                    check(index.rows, in: bytes)
                    #expect(index.allIDs.count == index.layout.count)
                case .numpy:
                    let array = try NumpyArray(bytes)
                    if array.numberType == .int64 {
                        let count = try array.integers().count
                        #expect(count == array.shape.reduce(1, *))
                    } else {
                        check(try array.rows(), in: bytes)
                    }
                case .fvecs:
                    check(try FvecsFile.rows(in: bytes), in: bytes)
                }
                return true
            } catch {
                #expect(!error.reason.isEmpty)
                return false
            }
        }

        private func check(_ rows: StoredRows, in bytes: StoredBytes) {
            let all = rows.all()
            #expect(all.dimension == rows.dimension && all.count == rows.count)
            // Four bits are the shortest code.
            #expect(all.values.count <= 2 * bytes.count)
        }
    }

    @Test(arguments: Format.allCases)
    func `mutations are refused or read`(format: Format) {
        var generator = SeededGenerator(seed: 64)
        let seeds = format.seeds
        #expect(seeds.allSatisfy { format.read(.memory($0)) })
        var accepted = 0
        for _ in 0..<Self.count {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                Self.mutate(&bytes, seeds, &generator)
            }
            if format.read(.memory(bytes)) { accepted += 1 }
        }
        // Some mutations hit values only, and some do not: both paths were taken.
        #expect(accepted > Self.count / 100 && accepted < Self.count)
        print("\(format.rawValue): \(Self.count) mutated files, \(accepted) of them read")
    }

    @Test(arguments: Format.allCases)
    func `every truncation and every flipped bit is refused or read`(format: Format) throws {
        let folder = try TemporaryFolder()
        for seed in format.seeds {
            for length in 0..<seed.count { _ = format.read(.memory(Array(seed.prefix(length)))) }
            for bit in 0..<seed.count * 8 {
                var bytes = seed
                bytes[bit / 8] ^= 1 << (bit % 8)
                _ = format.read(.memory(bytes))
            }
        }
        // Mapped files end where a page may not: a few of them, too.
        let seed = try #require(format.seeds.last)
        for length in 0...seed.count {
            let path = try folder.write(Array(seed.prefix(length)), to: "file")
            _ = format.read(.mapped(try MappedFile(path: path)))
        }
    }

    private static func mutate(
        _ bytes: inout [UInt8], _ seeds: [[UInt8]], _ generator: inout SeededGenerator
    ) {
        guard !bytes.isEmpty else { return }
        // Half of the time near the beginning, where the headers are.
        let reach = Bool.random(using: &generator) ? bytes.count : min(bytes.count, 100)
        let place = Int.random(in: 0..<reach, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = .random(in: .min ... .max, using: &generator)
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes += (0..<place % 9).map { UInt8($0) }
        case 4: splice(number(&generator), into: &bytes, at: place)
        case 5: splice(Array(pick(literals, &generator).utf8), into: &bytes, at: place)
        case 6:
            let end = min(bytes.count, place + Int.random(in: 0..<16, using: &generator))
            bytes.removeSubrange(place..<end)
        default:
            let other = pick(seeds, &generator)
            let start = Int.random(in: 0..<other.count, using: &generator)
            bytes.insert(contentsOf: other[start...].prefix(place % 48), at: place)
        }
    }

    private static func pick<Element>(
        _ values: [Element], _ generator: inout SeededGenerator
    ) -> Element {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    private static func splice(_ patch: [UInt8], into bytes: inout [UInt8], at place: Int) {
        bytes.replaceSubrange(place..<min(bytes.count, place + patch.count), with: patch)
    }

    /// A number at which arithmetic overflows, in 1 to 8 bytes.
    private static func number(_ generator: inout SeededGenerator) -> [UInt8] {
        let near = pick(
            [
                0, 1 << 7, 1 << 8, 1 << 15, 1 << 16, 1 << 20, 1 << 31, 1 << 32, 1 << 61, 1 << 62,
                1 << 63,
            ]
                as [UInt64], &generator)
        let value = near &+ UInt64.random(in: 0...4, using: &generator) &- 2
        return Array(
            [value].littleEndianBytes.prefix(1 << Int.random(in: 0...3, using: &generator)))
    }

    private static let literals = [
        "(", ")", "{", "}", ",", "'", "\"", ":", "0", "9223372036854775807", "4294967296", "-1",
        "(0, 9223372036854775807)", "(3,)", "True", "<f2", "<f4", "<i8", "'shape': ", "\\", "\n",
        "IxFI", "IxF2", "IxFl", "IxMp", "IxM2", "IwFl", "IxSQ", "IHNf", "ilar", "full", "sprs",
    ]
}
