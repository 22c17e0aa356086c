import Foundation
import Kernels
import TestSupport
import Testing
import Vectors

/// A damaged file is found out, when it is opened or at the latest when a search touches it; it never
/// gives a wrong answer and never crashes.
struct IndexFileDamageTests {
    let folder: TemporaryFolder
    let place: String
    let base: String
    let index: VectorIndex
    let bytes: [UInt8]
    let queries: FloatRows

    init() throws {
        folder = try TemporaryFolder()
        place = folder.path + "/index"
        base = IndexFile<VectorKey>.path(in: place)
        var generator = SeededGenerator(seed: 5)
        var index = VectorIndex(dimension: 5, codedFrom: 10)
        try index.append(
            FloatRows(dimension: 5, values: generator.floats(5 * 60)),
            keys: (0..<60).map { VectorKey(rawValue: $0 * 3) })
        index.remove(keys: [VectorKey(rawValue: 9)])
        self.index = index
        _ = try IndexFile(writing: index, note: IndexNote(generation: 1, label: "l"), to: place)
        bytes = Array(try Data(contentsOf: URL(filePath: base)))
        queries = FloatRows(dimension: 5, values: generator.floats(10))
    }

    private func write(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: base))
    }

    /// Nil where damage was found.
    private func answers() throws -> [[VectorMatch<VectorKey>]]? {
        do {
            let file = try IndexFile<VectorKey>(opening: place)
            return try file.index.search(queries, limit: 59)
        } catch is VectorFileError {
            return nil
        } catch IndexError.damaged {
            return nil
        }
    }

    @Test func `a file that is cut short anywhere is refused`() throws {
        let handle = try FileHandle(forUpdating: URL(filePath: base))
        // Every length near a header, a page or the end, and others between.
        for length in stride(from: bytes.count - 1, through: 0, by: -1)
        where length < 8400 || length % 61 == 0 || length % 4096 < 3 || length > bytes.count - 99 {
            try handle.truncate(atOffset: UInt64(length))
            #expect(throws: VectorFileError.self, "\(length) bytes") {
                try IndexFile<VectorKey>(opening: place)
            }
        }
    }

    @Test func `every flipped bit of a header is seen, and the other header serves`() throws {
        let expected = try index.search(queries, limit: 59)
        let handle = try FileHandle(forUpdating: URL(filePath: base))
        for byte in 0..<8192 {
            for bit in 0..<8 where bit == byte % 8 || byte % 4096 < 120 {
                try handle.seek(toOffset: UInt64(byte))
                try handle.write(contentsOf: [bytes[byte] ^ 1 << UInt8(bit)])
                let file = try IndexFile<VectorKey>(opening: place)
                #expect(file.notices.count == 1, "byte \(byte), bit \(bit)")
                #expect(try file.index.search(queries, limit: 59) == expected)
            }
            try handle.seek(toOffset: UInt64(byte))
            try handle.write(contentsOf: [bytes[byte]])
        }
    }

    @Test func `with both headers damaged a file is refused`() throws {
        for byte in 0..<4096 {
            var damaged = bytes
            damaged[byte] ^= 0x10
            damaged[4096 + (byte * 7) % 4096] ^= 0x01
            guard byte % 5 == 0 || byte < 120 else { continue }
            try write(damaged)
            #expect(throws: VectorFileError.self, "byte \(byte)") {
                try IndexFile<VectorKey>(opening: place)
            }
        }
    }

    @Test func `every flipped bit of the data is found, or changes nothing`() throws {
        let expected = try index.search(queries, limit: 59)
        let handle = try FileHandle(forUpdating: URL(filePath: base))
        var found = 0
        for byte in 8192..<bytes.count where bytes[byte] != 0 || byte % 97 == 0 {
            try handle.seek(toOffset: UInt64(byte))
            try handle.write(contentsOf: [bytes[byte] ^ 1 << UInt8(byte % 8)])
            if let answers = try answers() {
                #expect(answers == expected, "byte \(byte)")
            } else {
                found += 1
            }
            try handle.seek(toOffset: UInt64(byte))
            try handle.write(contentsOf: [bytes[byte]])
        }
        // Rows, codes, centre, keys, bits and table: only what fills up pages is not looked at.
        #expect(found > 60 * (20 + 8 + 8))
    }

    @Test func `what lies in a damaged chunk is not written over`() throws {
        var damaged = bytes
        // The rows come first.
        damaged[8192 + 100] ^= 1
        try write(damaged)
        var changed = try IndexFile<VectorKey>(opening: place).index
        #expect(throws: IndexError.damaged) {
            try changed.upsert(
                FloatRows(dimension: 5, values: [1, 2, 3, 4, 5]), keys: [VectorKey(rawValue: 0)])
        }
        #expect(throws: IndexError.damaged) { try changed.compact() }
        #expect(throws: IndexError.damaged) { try changed.row(VectorKey(rawValue: 0)) }
        #expect(throws: IndexError.damaged) { try changed.blocks(of: 7).first { _ in true } }
        #expect(changed.count == 59)
    }

    @Test func `a file that is cut short while it is open is found out`() throws {
        let file = try IndexFile<VectorKey>(opening: place)
        _ = try file.index.search(queries, limit: 5)
        let untouched = try IndexFile<VectorKey>(opening: place)
        try FileHandle(forUpdating: URL(filePath: base)).truncate(atOffset: 9000)
        for index in [file.index, untouched.index] {
            #expect(throws: IndexError.damaged) { try index.search(queries, limit: 5) }
        }
        #expect(throws: IndexError.damaged) { try untouched.index.row(VectorKey(rawValue: 0)) }
        // What was found intact before the cut is gone too.
        var touched = file.index
        let last = touched.allKeys.suffix(1)
        #expect(throws: IndexError.damaged) { try touched.row(last[last.startIndex]) }
        #expect(throws: IndexError.damaged) { try touched.blocks(of: 7).first { _ in true } }
        #expect(throws: IndexError.damaged) { try touched.compact() }
        #expect(throws: IndexError.damaged) {
            try touched.upsert(
                FloatRows(dimension: 5, values: [1, 2, 3, 4, 5]), keys: Array(last))
        }
        #expect(throws: VectorFileError.self) {
            try IndexFile(writing: touched, to: folder.path + "/other")
        }
        #expect(touched.count == file.index.count)
    }

    @Test func `foreign, newer and big-endian files are named as such`() throws {
        func sealed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
            var page = Array(bytes[..<4096])
            change(&page)
            let checksum = Checksum.crc32c(of: Array(page[..<4092]))
            page.replaceSubrange(4092..<4096, with: [checksum].littleEndianBytes)
            return page + page + bytes[8192...]
        }
        func error(_ bytes: [UInt8]) throws -> VectorFileError? {
            try write(bytes)
            return #expect(throws: VectorFileError.self) {
                try IndexFile<VectorKey>(opening: place)
            }
        }
        #expect(
            try error(sealed { $0[8] = 2 })
                == .unsupported(offset: 8, found: "version 2", supported: "version 1"))
        #expect(
            try error(sealed { $0.replaceSubrange(12..<16, with: [1, 2, 3, 4]) })
                == .unsupported(
                    offset: 12, found: "big-endian numbers", supported: "little-endian ones"))
        #expect(try error(Array("not an index".utf8))?.reason.contains("cut short") == true)
        #expect(
            try error([UInt8](repeating: 65, count: 9000))?.reason.contains("mark") == true)
    }

    @Test func `headers and tables that lie are refused before anything is allocated`() throws {
        var generator = SeededGenerator(seed: 17)
        let table = Int(StoredBytes.memory(bytes).integer(at: 80, as: UInt64.self))
        let tableCount = Int(StoredBytes.memory(bytes).integer(at: 88, as: UInt32.self))
        let expected = try index.search(queries, limit: 59)
        var refused = 0
        for round in 0..<3000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                // Sizes, places and counts, with their checksums made right again.
                let place =
                    round % 2 == 0
                    ? 32 + Int.random(in: 0..<80, using: &generator)
                    : table + Int.random(in: 0..<tableCount, using: &generator)
                changed[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let count = min(
                Int(StoredBytes.memory(changed).integer(at: 88, as: UInt32.self)), tableCount)
            let sum = Checksum.crc32c(of: Array(changed[table..<table + count]))
            changed.replaceSubrange(92..<96, with: [sum].littleEndianBytes)
            let page = Checksum.crc32c(of: Array(changed[..<4092]))
            changed.replaceSubrange(4092..<4096, with: [page].littleEndianBytes)
            changed.replaceSubrange(4096..<8192, with: changed[..<4096])
            try write(changed)
            do {
                // Another metric, seed or codedFrom is another index, and a sound one.
                if let answers = try answers() {
                    #expect(answers.count == expected.count)
                    continue
                }
            } catch IndexError.dimension {
                // And so is one without rows that says another dimension.
            }
            refused += 1
        }
        #expect(refused > 1000)
    }

    @Test func `mutated files are refused, or answer as they should`() throws {
        let executions =
            ProcessInfo.processInfo.environment["CONDUCTOR_FUZZ"].flatMap { Int($0) } ?? 20_000
        let expected = try index.search(queries, limit: 59)
        var generator = SeededGenerator(seed: 23)
        let handle = try FileHandle(forUpdating: URL(filePath: base))
        var read = 0
        for _ in 0..<executions {
            // Few bytes are told apart from padding by chance, so places are chosen near the start of
            // what is there: headers, and the pages that chunks begin in.
            var changed: [Int] = []
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let page = Int.random(in: 0..<(bytes.count + 4095) / 4096, using: &generator)
                let place = min(
                    bytes.count - 1, page * 4096 + Int.random(in: 0..<300, using: &generator))
                changed.append(place)
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: [UInt8.random(in: 0...255, using: &generator)])
            }
            if let answers = try answers() {
                #expect(answers == expected)
                read += 1
            }
            for place in changed {
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: [bytes[place]])
            }
        }
        print("index: \(executions) mutated files, \(read) of them read")
        #expect(read > 0 && read < executions)
    }
}
