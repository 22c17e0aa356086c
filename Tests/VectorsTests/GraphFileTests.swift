import Foundation
import Kernels
import TestSupport
import Testing
import Vectors

/// A graph in an index's file is the one that was saved, or it is not followed.
struct GraphFileTests {
    let folder: TemporaryFolder
    let place: String

    init() throws {
        folder = try TemporaryFolder()
        place = folder.path + "/index"
    }

    private var base: URL { URL(filePath: IndexFile<VectorKey>.path(in: place)) }

    private func key(_ value: Int) -> VectorKey { VectorKey(rawValue: UInt64(value)) }

    private func rows(_ count: Int, seed: UInt64) -> FloatRows {
        var generator = SeededGenerator(seed: seed)
        return FloatRows(dimension: 16, values: generator.floats(16 * count))
    }

    private func index(_ count: Int = 1500) throws -> VectorIndex {
        var index = VectorIndex(dimension: 16)
        try index.append(rows(count, seed: 1), keys: (0..<count).map(key))
        try index.buildGraph(target: 0.9)
        return index
    }

    private func check(
        _ found: VectorIndex, like expected: VectorIndex,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let queries = rows(20, seed: 9)
        for method in SearchMethod.allCases {
            #expect(
                try found.search(queries, limit: 10, method: method)
                    == expected.search(queries, limit: 10, method: method),
                sourceLocation: location)
        }
    }

    @Test func `a graph comes back as it was, and is kept by later changes`() throws {
        // So many rows that a tenth of them never changes, at which a save would keep them up.
        var expected = try index(5000)
        _ = try IndexFile(writing: expected, to: place)
        var file = try IndexFile<VectorKey>(opening: place)
        #expect(file.index.isGraphSound && file.index.learnedDepth == expected.learnedDepth)
        #expect(file.index.learnedDepth?.meetsTarget == true)
        try check(file.index, like: expected)
        for step in 0..<8 {
            file = try IndexFile(opening: place)
            var changed = file.index
            let fresh = rows(20, seed: UInt64(50 + step))
            let keys = (0..<20).map { key($0 * 70 + step) }
            let gone = (0..<15).map { key($0 * 31 + 7 * step) }
            try changed.upsert(fresh, keys: keys)
            changed.remove(keys: gone)
            try expected.upsert(fresh, keys: keys)
            expected.remove(keys: gone)
            try file.save(changed, note: file.note)
            let opened = try IndexFile<VectorKey>(opening: place)
            #expect(opened.index.isGraphSound && opened.notices == [])
            #expect(opened.index.freeSlotCount == expected.freeSlotCount)
            try check(opened.index, like: expected)
        }
        try expected.compact()
        var changed = file.index
        try changed.compact()
        try file.save(changed, note: file.note)
        try check(IndexFile<VectorKey>(opening: place).index, like: expected)
    }

    /// Rows in tight groups, each of which is soon found whole.
    private func grouped(_ count: Int, seed: UInt64) -> FloatRows {
        let (centres, spread) = (rows(40, seed: 8), rows(count, seed: seed))
        let values = spread.values.indices.map { index in
            centres.values[index / 16 % 40 * 16 + index % 16] + 0.05 * spread.values[index]
        }
        return FloatRows(dimension: 16, values: values)
    }

    @Test func `a save learns the depth anew once a tenth of the rows changed`() throws {
        var index = VectorIndex(dimension: 16)
        try index.append(grouped(3000, seed: 1), keys: (0..<3000).map(key))
        try index.buildGraph(target: 0.95)
        var file = try IndexFile(writing: index, to: place)
        let built = try #require(file.index.learnedDepth)
        // Few changes: the depth is what it was.
        var changed = file.index
        try changed.upsert(rows(100, seed: 2), keys: (0..<100).map(key))
        try file.save(changed, note: file.note)
        #expect(file.index.learnedDepth == built && file.index.changesSinceLearning == 200)
        // Nearly all rows make way for others, which are harder to find.
        changed = file.index
        try changed.upsert(rows(2700, seed: 3), keys: (100..<2800).map(key))
        changed.remove(keys: (2800..<3000).map(key))
        #expect(changed.isLearningDue && changed.graph?.sweep.count ?? 0 > 0)
        let stale = changed
        try file.save(changed, note: file.note)
        let opened = try IndexFile<VectorKey>(opening: place).index
        #expect(opened.learnedDepth == file.index.learnedDepth)
        let learned = try #require(opened.learnedDepth)
        #expect(learned.target == 0.95 && learned.rowCount == 2800 && learned.meetsTarget)
        #expect(learned.points.map(\.limit) == built.points.map(\.limit))
        #expect(!opened.isLearningDue && opened.changesSinceLearning == 0)
        #expect(opened.graph?.sweep.count == 0)
        #expect(opened.freeSlotCount > stale.freeSlotCount)
        func recall(_ index: VectorIndex) throws -> Double {
            let queries = rows(300, seed: 4)
            let exact = try index.search(queries, limit: 10)
            let found = try index.search(queries, limit: 10, method: .graph)
            let hits = zip(exact, found).reduce(0) { sum, pair in
                let wanted = Set(pair.0.map(\.key))
                return sum + pair.1.matches.count { wanted.contains($0.key) }
            }
            return Double(hits) / 3000
        }
        // At the old depth less is found than was asked for.
        let (before, after) = (try recall(stale), try recall(opened))
        #expect(before < 0.94 && after >= 0.95, "\(before), \(after)")
    }

    @Test func `an index that was changed in memory is kept up when it is written`() throws {
        var index = try index()
        index.remove(keys: (0..<300).map(key))
        #expect(index.isLearningDue)
        let file = try IndexFile(writing: index, to: place)
        #expect(!file.index.isLearningDue && file.index.learnedDepth?.rowCount == 1200)
        #expect(!VectorIndex(dimension: 2).isLearningDue)
    }

    @Test func `a damaged graph is not followed, and every answer is exact`() throws {
        let expected = try index()
        _ = try IndexFile(writing: expected, to: place)
        let bytes = Array(try Data(contentsOf: base))
        let edges = try #require(
            try IndexFile<VectorKey>(opening: place).index.graph?.edgePlane.saved(3))
        var damaged = bytes
        damaged[edges.byteOffset + 5] ^= 2
        try Data(damaged).write(to: base, options: .atomic)
        let opened = try IndexFile<VectorKey>(opening: place)
        #expect(!opened.index.isGraphSound && opened.index.graph != nil)
        let queries = rows(20, seed: 9)
        for method in SearchMethod.allCases {
            let answers = try opened.index.search(queries, limit: 10, method: method)
            #expect(
                try answers.map(\.matches) == expected.search(queries, limit: 10), "\(method)")
        }
        // A change drops it, and what is saved is sound.
        var file = opened
        var changed = file.index
        try changed.upsert(rows(1, seed: 3), keys: [key(4)])
        #expect(changed.graph == nil)
        try file.save(changed, note: file.note)
        #expect(try IndexFile<VectorKey>(opening: place).index.graph == nil)
    }

    @Test func `edges that lead nowhere are found though their checksum is right`() throws {
        _ = try IndexFile(writing: try index(), to: place)
        let bytes = Array(try Data(contentsOf: base))
        let chunk = try #require(
            try IndexFile<VectorKey>(opening: place).index.graph?.edgePlane.saved(0))
        for (place, value) in [(4, UInt32(1500)), (4, .max), (0, 5000)] {
            var hostile = bytes
            let start = chunk.byteOffset
            hostile.replaceSubrange(
                start + place..<start + place + 4, with: [value].littleEndianBytes)
            let size = 64 * VectorGraph.edgeShape(VectorGraph.Parameters()).rowBytes
            let sum = Checksum.crc32c(of: Array(hostile[start..<start + size]))
            reseal(&hostile, chunk, sum)
            try Data(hostile).write(to: base, options: .atomic)
            let opened = try IndexFile<VectorKey>(opening: self.place)
            #expect(opened.index.graph != nil && !opened.index.isGraphSound)
            #expect(
                try opened.index.search(rows(1, seed: 9)[0], limit: 3, method: .graph)
                    .effort == nil)
        }
    }

    /// Puts another checksum of a chunk into the table, and makes table and headers right again.
    private func reseal(_ bytes: inout [UInt8], _ chunk: SavedChunk, _ sum: UInt32) {
        let stored = StoredBytes.memory(bytes)
        let table = Int(stored.integer(at: 80, as: UInt64.self))
        let count = Int(stored.integer(at: 88, as: UInt32.self))
        for place in table..<table + count - 15
        where stored.integer(at: place, as: UInt64.self) == UInt64(chunk.byteOffset) {
            bytes.replaceSubrange(place + 12..<place + 16, with: [sum].littleEndianBytes)
        }
        let tableSum = Checksum.crc32c(of: Array(bytes[table..<table + count]))
        bytes.replaceSubrange(92..<96, with: [tableSum].littleEndianBytes)
        let page = Checksum.crc32c(of: Array(bytes[..<4092]))
        bytes.replaceSubrange(4092..<4096, with: [page].littleEndianBytes)
        bytes.replaceSubrange(4096..<8192, with: bytes[..<4096])
    }
}
