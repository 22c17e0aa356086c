import Foundation
import Kernels
import TestSupport
import Testing

/// Rows that lie in the chunks of a file.
struct RowPlaneTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/rows"
    }

    /// 16 rows of 8 values in two chunks.
    private func rows(_ residence: RowPlane.Residence) throws -> CodedRows {
        var generator = SeededGenerator(seed: 150)
        let bytes = generator.floats(16 * 8).flatMap {
            withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init)
        }
        try Data(bytes).write(to: URL(filePath: path))
        let chunks = [0, 256].map {
            SavedChunk(byteOffset: $0, checksum: Checksum.crc32c(of: Array(bytes[$0..<$0 + 256])))
        }
        let plane = RowPlane(
            rowBytes: 32, rowsPerSlab: 8, count: 16, chunks: chunks,
            in: try MappedFile(path: path), residence: residence)
        return CodedRows(
            dimension: 8, scoring: .innerProduct, rows: try #require(plane), codes: nil, coding: nil
        )
    }

    private func cut() throws {
        try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: 300)
    }

    @Test(arguments: [RowPlane.Residence.mapped, .memory])
    func `a row that is written is copied with its slab`(residence: RowPlane.Residence) throws {
        let old = try rows(residence)
        var new = old
        new.write([1, 2, 3, 4, 5, 6, 7, 8], to: 3)
        #expect(new[3] == [1, 2, 3, 4, 5, 6, 7, 8])
        for slot in 0..<16 where slot != 3 { #expect(new[slot] == old[slot]) }
        #expect(new.isIntact && old.isIntact && old[3] != new[3])
        #expect(new.rowPlane.saved(0) == nil && new.rowPlane.saved(1) != nil)
    }

    /// It was: the rows that were cut off were zeros, and called intact, or no memory at all.
    @Test func `a slab that is written once its file was cut is damaged, and so are its copies`()
        throws
    {
        var rows = try rows(.mapped)
        #expect(rows.isIntact)
        try cut()
        rows.write([1, 2, 3, 4, 5, 6, 7, 8], to: 12)
        let copy = rows
        rows.write([8, 7, 6, 5, 4, 3, 2, 1], to: 13)
        for plane in [rows.rowPlane, copy.rowPlane] {
            #expect(plane.isIntact(0) && !plane.isIntact(12))
            #expect(plane.bytes(ofSlab: 0) != nil && plane.bytes(ofSlab: 1) == nil)
        }
        #expect(!rows.isIntact && !rows.isIntact(0))
    }

    @Test func `what came into memory before its file was cut stays`() throws {
        var rows = try rows(.memory)
        let before = rows.isIntact ? (0..<16).map { rows[$0] } : []
        let unread = try self.rows(.memory)
        try cut()
        #expect((0..<16).map { rows[$0] } == before)
        rows.write([1, 2, 3, 4, 5, 6, 7, 8], to: 12)
        #expect(rows.isIntact && rows[13] == before[13])
        #expect(unread.isIntact(0) && !unread.isIntact(8))
    }

    /// It was: a file that calls itself greater than the machine's memory ended its reader.
    @Test func `more than the memory of the machine is not asked for`() throws {
        let size = 2 << 20
        let count = Int(ProcessInfo.processInfo.physicalMemory) / size + 1024
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        // Without a byte on the disk.
        try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: UInt64(count * size))
        let zeros = Checksum.crc32c(of: [UInt8](repeating: 0, count: size))
        let plane = try #require(
            RowPlane(
                rowBytes: 4096, rowsPerSlab: 512, count: count * 512,
                chunks: (0..<count).map { SavedChunk(byteOffset: $0 * size, checksum: zeros) },
                in: try MappedFile(path: path), residence: .memory))
        #expect(plane.isIntact(0) && plane.isIntact((count - 1) * 512))
    }

    /// It was: a walk wrote the edges of one row past the end of its memory.
    @Test(arguments: [(0, false), (1, true), (384, true), (385, false), (65_536, false)])
    func `a graph of a file has no more edges a row than a walk has room for`(
        degree: Int, isPossible: Bool
    ) throws {
        var parameters = VectorGraph.Parameters()
        parameters.degree = degree
        let shape = VectorGraph.edgeShape(parameters)
        let bytes = [UInt8](repeating: 0, count: shape.rowBytes * shape.rowsPerSlab)
        try Data(bytes).write(to: URL(filePath: path))
        let plane = try #require(
            RowPlane(
                rowBytes: shape.rowBytes, rowsPerSlab: shape.rowsPerSlab, count: 64,
                chunks: [SavedChunk(byteOffset: 0, checksum: Checksum.crc32c(of: bytes))],
                in: try MappedFile(path: path), residence: .memory))
        let figures = VectorGraph.Figures(
            parameters: parameters, entries: [0], outside: [], leaving: [], waiting: [],
            position: 0, draws: 64)
        #expect((VectorGraph(figures, edges: plane) != nil) == isPossible)
    }
}
