import Foundation
import Glibc
import Kernels
import TestSupport
import Testing
import Vectors

/// An index in a folder answers as the one in memory, through saves, cuts and copies.
struct IndexFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var place: String { folder.path + "/index" }

    private func key(_ value: Int) -> VectorKey { VectorKey(rawValue: UInt64(value)) }

    private func index(
        _ count: Int, dimension: Int = 9, metric: VectorMetric = .innerProduct,
        codedFrom: Int = 100, seed: UInt64 = 7
    ) throws -> VectorIndex {
        var generator = SeededGenerator(seed: seed)
        var index = VectorIndex(dimension: dimension, metric: metric, codedFrom: codedFrom)
        try index.append(
            FloatRows(dimension: dimension, values: generator.floats(dimension * count)),
            keys: (0..<count).map(key))
        return index
    }

    /// Both must answer alike, bit for bit.
    private func check<Key: IndexKey>(
        _ found: KeyedVectorIndex<Key>, like expected: KeyedVectorIndex<Key>,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        var generator = SeededGenerator(seed: 3)
        let queries = FloatRows(
            dimension: expected.dimension, values: generator.floats(expected.dimension * 6))
        #expect(found.count == expected.count, sourceLocation: location)
        #expect(found.allKeys == expected.allKeys, sourceLocation: location)
        #expect(
            try found.search(queries, limit: 25) == expected.search(queries, limit: 25),
            sourceLocation: location)
        for key in expected.allKeys.prefix(30) {
            #expect(try found.row(key) == expected.row(key), sourceLocation: location)
        }
    }

    @Test func `a tidying save leaves out what earlier saves have appended`() throws {
        let whole = try index(9000)
        var file = try IndexFile(writing: whole, to: place)
        let size = file.byteCount
        var generator = SeededGenerator(seed: 11)
        for turn in 0..<20 {
            var changed = file.index
            try changed.upsert(
                FloatRows(dimension: 9, values: generator.floats(9)), keys: [key(turn * 400)])
            try file.save(changed, note: file.note)
        }
        #expect(file.byteCount > size * 11 / 10)
        let expected = file.index
        try file.save(file.index, note: file.note, isTidying: true)
        #expect(file.byteCount == size)
        try check(IndexFile<VectorKey>(opening: place).index, like: expected)
        // Nothing is out of use now: another one appends.
        #expect(try file.save(file.index, note: file.note, isTidying: true) < size)
    }

    @Test(arguments: VectorMetric.allCases, [0, 1, 70, 9000])
    func `what was written is what is opened`(metric: VectorMetric, count: Int) throws {
        let index = try index(count, metric: metric)
        let note = IndexNote(generation: 12, label: "space")
        _ = try IndexFile(writing: index, note: note, to: place)
        let file = try IndexFile<VectorKey>(opening: place)
        #expect(file.note == note && file.notices == [] && file.isIntact())
        #expect(file.index.isCoded == (count >= 100) && file.index.metric == metric)
        try check(file.index, like: index)
    }

    @Test func `texts name rows in a file too`() throws {
        var index = NamedVectorIndex(dimension: 2)
        let names = ["", "e\u{301}", "\u{e9}", "a\0b", "界"].map(VectorName.init)
        try index.append(
            FloatRows(dimension: 2, values: (0..<10).map(Float.init)), keys: names)
        index.remove(keys: [VectorName(rawValue: "a\0b")])
        _ = try IndexFile(writing: index, to: place)
        var file = try IndexFile<VectorName>(opening: place)
        try check(file.index, like: index)
        #expect(throws: VectorFileError.self) { try IndexFile<VectorKey>(opening: place) }
        var changed = file.index
        try changed.upsert(FloatRows(dimension: 2, values: [7, 7]), keys: [names[1]])
        try file.save(changed, note: file.note)
        try check(IndexFile<VectorName>(opening: place).index, like: changed)
    }

    @Test func `a row without codes for its length is kept`() throws {
        let index = try index(3, dimension: 65_600, codedFrom: 1)
        _ = try IndexFile(writing: index, to: place)
        try check(IndexFile<VectorKey>(opening: place).index, like: index)
    }

    @Test func `a save writes what changed, and readers keep what they opened`() throws {
        var expected = try index(20_000, dimension: 64)
        var file = try IndexFile(writing: expected, to: place)
        let size = file.byteCount
        for step in 0..<12 {
            let reader = try IndexFile<VectorKey>(opening: place)
            // As another process would: from the file, by a value that another run made.
            file = try IndexFile(opening: place)
            var changed = file.index
            for index in [0, 1] {
                var generator = SeededGenerator(seed: UInt64(step))
                let rows = FloatRows(dimension: 64, values: generator.floats(128))
                let keys = [key(step * 1000), key(30_000 + step)]
                if index == 0 {
                    try changed.upsert(rows, keys: keys)
                    changed.remove(keys: [key(step * 1000 + 1)])
                } else {
                    try expected.upsert(rows, keys: keys)
                    expected.remove(keys: [key(step * 1000 + 1)])
                }
            }
            let written = try file.save(
                changed, note: IndexNote(generation: UInt64(step), label: "x"))
            // At most two chunks each of rows and codes, a chunk of keys, the bits, the table.
            #expect(written < 7 * (64 << 10), "\(written) of \(size)")
            let opened = try IndexFile<VectorKey>(opening: place)
            #expect(opened.note.generation == UInt64(step) && opened.isIntact())
            try check(opened.index, like: expected)
            #expect(reader.index.count == 20_000)
            #expect(try reader.index.row(key(30_000 + step)) == nil)
        }
    }

    @Test func `a file that is mostly out of use is written anew`() throws {
        let start = try index(2000, dimension: 64)
        var file = try IndexFile(writing: start, to: place)
        let old = try IndexFile<VectorKey>(opening: place)
        var greatest = file.byteCount
        var changed = file.index
        for step in 0..<60 {
            // Every chunk changes.
            let keys = (0..<2000).filter { $0 % 40 == step % 40 }.map(key)
            var generator = SeededGenerator(seed: UInt64(step))
            try changed.upsert(
                FloatRows(dimension: 64, values: generator.floats(64 * keys.count)), keys: keys)
            try file.save(changed, note: file.note)
            changed = file.index
            greatest = max(greatest, file.byteCount)
        }
        #expect(greatest < 8 << 20)
        try check(IndexFile<VectorKey>(opening: place).index, like: changed)
        try check(old.index, like: start)
    }

    @Test func `a save over another writer's is refused`() throws {
        var first = try IndexFile(writing: try index(10), to: place)
        var second = try IndexFile<VectorKey>(opening: place)
        var changed = second.index
        changed.remove(keys: [key(1)])
        try second.save(changed, note: second.note)
        #expect(throws: VectorFileError.changed) {
            try first.save(first.index, note: first.note)
        }
        #expect(try IndexFile<VectorKey>(opening: place).index.count == 9)
    }

    @Test func `a save that was cut off leaves the state before it`() throws {
        let start = try index(500)
        var file = try IndexFile(writing: start, to: place)
        let base = IndexFile<VectorKey>.path(in: place)
        let before = try Data(contentsOf: URL(filePath: base))
        var changed = file.index
        changed.remove(keys: (0..<250).map(key))
        try file.save(changed, note: IndexNote(generation: 2))
        let after = try Data(contentsOf: URL(filePath: base))

        func open(_ first: Data, _ second: Data) throws -> IndexFile<VectorKey> {
            let bytes =
                first.prefix(4096) + second.prefix(8192).suffix(4096) + after.dropFirst(8192)
            try bytes.write(to: URL(filePath: base))
            return try IndexFile(opening: place)
        }
        // Between the data and the headers.
        let untouched = try open(before, before)
        try check(untouched.index, like: start)
        // Between the headers.
        let half = try open(after, before)
        try check(half.index, like: changed)
        #expect(half.notices.count == 1 && half.note.generation == 2)
        // In the midst of a header.
        var torn = after
        torn.replaceSubrange(1000..<4096, with: before[1000..<4096])
        torn[0] ^= 1
        let older = try open(torn, before)
        try check(older.index, like: start)
        #expect(older.notices.count == 1)
    }

    @Test func `a writer that was killed leaves nothing in the way, and one at work is waited for`()
        throws
    {
        _ = try IndexFile(writing: try index(10), to: place)
        let unfinished = try folder.write("half a file", to: "index/base.new")
        let descriptor = open(unfinished, O_RDWR)
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(throws: VectorFileError.changed) {
            try IndexFile(writing: try index(20), to: place)
        }
        #expect(try String(contentsOfFile: unfinished, encoding: .utf8) == "half a file")
        close(descriptor)
        _ = try IndexFile(writing: try index(20), to: place)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["base"])
        #expect(try IndexFile<VectorKey>(opening: place).index.count == 20)
    }

    @Test func `a folder that cannot be written keeps its index`() throws {
        _ = try IndexFile(writing: try index(10), to: place)
        let file = try folder.write("text", to: "file")
        #expect(throws: VectorFileError.unwritable(call: "mkdir", errno: ENOENT)) {
            try IndexFile(writing: try index(3), to: folder.path + "/none/index")
        }
        #expect(throws: VectorFileError.self) { try IndexFile(writing: try index(3), to: file) }
        #expect(throws: VectorFileError.self) {
            try IndexFile<VectorKey>(opening: folder.path + "/none")
        }
        #expect(try IndexFile<VectorKey>(opening: place).index.count == 10)
    }
}
