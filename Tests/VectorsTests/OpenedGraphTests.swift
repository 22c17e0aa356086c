import Foundation
import Kernels
import TestSupport
import Testing
import Vectors

/// Searches through the graph of an index that lies in a file: they read the rows that they score from
/// the file, and map none.
struct OpenedGraphTests {
    let folder: TemporaryFolder
    let place: String
    let index: VectorIndex

    init() throws {
        folder = try TemporaryFolder()
        place = folder.path + "/index"
        let made = Self.rows(6000, seed: 1)
        var index = VectorIndex(dimension: 64)
        try index.append(made, keys: (0..<6000).map { VectorKey(rawValue: UInt64($0)) })
        try index.buildGraph(target: 0.9)
        self.index = index
        _ = try IndexFile(writing: index, to: place)
    }

    private var base: String { IndexFile<VectorKey>.path(in: place) }

    private static func rows(_ count: Int, seed: UInt64) -> FloatRows {
        var generator = SeededGenerator(seed: seed)
        return FloatRows(dimension: 64, values: generator.floats(64 * count))
    }

    /// How much of the mapped file is this process's, in kilobytes.
    private func mappedKilobytes() throws -> Int {
        let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
        var bytes = Data()
        // Its size is said to be 0, so it is read until there is no more.
        while let more = try file.read(upToCount: 64 << 10), !more.isEmpty { bytes += more }
        let maps = String(decoding: bytes, as: UTF8.self)
        // The folder's own name: what stands above it may be a link.
        let name = URL(filePath: base).pathComponents.suffix(3).joined(separator: "/")
        var (isOurs, sum) = (false, 0)
        for line in maps.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first?.contains("-") == true {
                isOurs = line.hasSuffix(name)
            } else if isOurs, words.count > 1, words[0] == "Rss:" {
                sum += Int(words[1]) ?? 0
            }
        }
        return sum
    }

    @Test func `answers are those of the index in memory, and no row becomes resident`() throws {
        let opened = try IndexFile<VectorKey>(opening: place).index
        let queries = Self.rows(200, seed: 2)
        let before = try mappedKilobytes()
        let answers = try opened.search(queries, limit: 20, method: .graph)
        #expect(before > 0)
        #expect(try mappedKilobytes() <= before)
        #expect(answers.allSatisfy { $0.effort != nil && !$0.isFallback })
        #expect(try answers == index.search(queries, limit: 20, method: .graph))
        // An exact search reads them where they are mapped.
        #expect(try opened.search(queries, limit: 20) == index.search(queries, limit: 20))
        #expect(try mappedKilobytes() > before + 256)
    }

    @Test func `rows put since the file was opened are found beside those in it`() throws {
        var (expected, opened) = (index, try IndexFile<VectorKey>(opening: place).index)
        let fresh = Self.rows(50, seed: 3)
        let keys = (0..<50).map { VectorKey(rawValue: UInt64($0 * 130)) }
        try expected.upsert(fresh, keys: keys)
        try opened.upsert(fresh, keys: keys)
        let found = try opened.search(fresh, limit: 20, method: .graph)
        #expect(try found == expected.search(fresh, limit: 20, method: .graph))
        for (key, answer) in zip(keys, found) { #expect(answer.matches.contains { $0.key == key }) }
    }

    @Test func `a search that reads a damaged row tells, and so does one in a file cut short`()
        throws
    {
        let queries = Self.rows(50, seed: 4)
        let bytes = Array(try Data(contentsOf: URL(filePath: base)))
        let older = try IndexFile<VectorKey>(opening: place).index
        _ = try older.search(queries, limit: 5, method: .graph)
        // A bit of each chunk of rows; they come first.
        var damaged = bytes
        for byte in stride(from: 8192 + 100, to: 8192 + 6000 * 256, by: 64 << 10) {
            damaged[byte] ^= 4
        }
        try Data(damaged).write(to: URL(filePath: base), options: .atomic)
        let opened = try IndexFile<VectorKey>(opening: place).index
        #expect(opened.isGraphSound)
        #expect(throws: IndexError.damaged) { try opened.search(queries, limit: 5, method: .graph) }
        // What was replaced above is still open in `older`, and stays whole.
        _ = try older.search(queries, limit: 5, method: .graph)
        try Data(bytes).write(to: URL(filePath: base), options: .atomic)
        let later = try IndexFile<VectorKey>(opening: place).index
        _ = try later.search(queries, limit: 5, method: .graph)
        try FileHandle(forUpdating: URL(filePath: base)).truncate(atOffset: 9000)
        #expect(throws: IndexError.damaged) { try later.search(queries, limit: 5, method: .graph) }
    }

    @Test func `many first searches at once read the file once each part, and agree`() async throws
    {
        let queries = Self.rows(40, seed: 5)
        let expected = try index.search(queries, limit: 10, method: .graph)
        for _ in 0..<5 {
            let opened = try IndexFile<VectorKey>(opening: place).index
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try opened.search(queries, limit: 10, method: .graph) == expected
                    }
                }
                for try await isEqual in group { #expect(isEqual) }
            }
        }
    }
}
