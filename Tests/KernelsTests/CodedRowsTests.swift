import Foundation
import Kernels
import TestSupport
import Testing

struct CodedRowsTests {
    @Test func `slots that are given back and made anew are zeros again`() {
        var generator = SeededGenerator(seed: 140)
        var rows = CodedRows(dimension: 8, scoring: .innerProduct)
        for _ in 0..<2 {
            rows.resize(to: 5000)
            for slot in 0..<5000 { rows.write(generator.floats(8)[...], to: slot) }
            rows.resize(to: 0)
            rows.resize(to: 5000)
            let plane = rows.rowPlane
            for slab in 0..<plane.slabCount {
                #expect(plane.bytes(ofSlab: slab)?.allSatisfy { $0 == 0 } == true)
            }
        }
        // What a copy holds is nobody else's yet.
        let copy = rows
        rows.resize(to: 0)
        rows.resize(to: 5000)
        for slot in 0..<5000 { rows.write(generator.floats(8)[...], to: slot) }
        #expect((0..<5000).allSatisfy { copy[$0] == [Float](repeating: 0, count: 8) })
    }

    /// The memory of this process that is no file's.
    private func ownBytes() throws -> Int {
        let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/status"))
        let status = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        let kilobytes = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first
        return try #require(kilobytes.flatMap { Int($0) }) << 10
    }

    /// It was: slabs of few bytes were kept for the next rows, however many there were.
    @Test func `most of the memory of rows that are given up is given back, and serves again`()
        throws
    {
        let count = 1 << 20
        var rows = CodedRows(dimension: 64, scoring: .innerProduct)
        let row = [Float](repeating: 1, count: 64)
        rows.resize(to: count)
        for slot in 0..<count { rows.write(row[...], to: slot) }
        let before = try ownBytes()
        rows.resize(to: 1000)
        // Of 256 MB; other tests may have taken some meanwhile.
        #expect(try ownBytes() < before - (128 << 20))
        rows.resize(to: count)
        rows.write(row[...], to: count - 1)
        #expect(rows[999] == row && rows[count - 1] == row)
        #expect(rows[count - 2].allSatisfy { $0 == 0 })
    }
}
