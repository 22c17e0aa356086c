internal import Kernels

/// Where the parts of an index stand in its file.
///
/// For each part, in the order of its number: number u32, count of chunks u32, then for each chunk its
/// offset u64, length u32 and CRC-32C u32, all little-endian. Chunks begin at multiples of 4096.
struct ChunkTable: Sendable, Equatable {
    /// What a chunk is a part of.
    enum Part: UInt32, CaseIterable {
        /// f32 rows, slot by slot.
        case rows = 1
        /// 4-bit codes of as many slots, then their headers.
        case codes = 2
        /// The centre of the codes, f32.
        case centre = 3
        /// Keys, slot by slot.
        case keys = 4
        /// A bit a slot, the lowest first: whether it holds a row.
        case live = 5
        /// A graph's edges: for 64 slots a chunk a count and then so many slots, u32 each.
        case edges = 6
        /// What there is of a graph beside its edges; see `GraphRecord`.
        case graph = 7
    }

    /// A chunk with its length.
    struct Entry: Sendable, Equatable {
        let chunk: SavedChunk
        let byteCount: Int
    }

    static let alignment = 4096
    private static let entrySize = 16

    var parts: [Part: [Entry]] = [:]

    /// What all chunks take of the file.
    var byteCount: Int {
        parts.values.joined().reduce(0) { $0 + ChunkTable.aligned($1.byteCount) }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for part in Part.allCases {
            guard let entries = parts[part] else { continue }
            bytes += [part.rawValue, UInt32(entries.count)].littleEndianBytes
            for entry in entries {
                bytes += [UInt64(entry.chunk.byteOffset)].littleEndianBytes
                bytes += [UInt32(entry.byteCount), entry.chunk.checksum].littleEndianBytes
            }
        }
        return bytes
    }

    init() {}

    /// Reads the table that a superblock points to.
    ///
    /// - Throws: `VectorFileError` also for chunks that do not lie within the file.
    init(_ header: IndexSuperblock, from bytes: StoredBytes) throws(VectorFileError) {
        let (start, count, checksum) = header.table
        let first = IndexSuperblock.copies * IndexSuperblock.pageSize
        guard start >= first, count <= header.byteCount, start <= header.byteCount - count else {
            throw .unexpected(
                offset: 80, expected: "a chunk table within the file", found: "\(start), \(count)")
        }
        let table = bytes.bytes(start..<start + count)
        guard Checksum.crc32c(of: table) == checksum else {
            throw .unexpected(
                offset: start, expected: "a chunk table with the checksum \(checksum)",
                found: "another")
        }
        var reader = ByteReader(.memory(table))
        while reader.left > 0 {
            let code: UInt32 = try reader.integer("a part's number")
            let count: UInt32 = try reader.integer("a part's chunks")
            guard let part = Part(rawValue: code), parts[part] == nil else {
                throw .unexpected(offset: start, expected: "a part, once", found: "\(code)")
            }
            guard Int(count) <= reader.left / ChunkTable.entrySize else {
                throw .unexpected(
                    offset: start, expected: "the chunks of a part", found: "\(count)")
            }
            var entries: [Entry] = []
            entries.reserveCapacity(Int(count))
            for _ in 0..<count {
                let offset: UInt64 = try reader.integer("a chunk's place")
                let length: UInt32 = try reader.integer("a chunk's length")
                let checksum: UInt32 = try reader.integer("a chunk's checksum")
                guard offset >= UInt64(first), offset % UInt64(ChunkTable.alignment) == 0,
                    UInt64(length) <= UInt64(header.byteCount),
                    offset <= UInt64(header.byteCount) - UInt64(length)
                else {
                    throw .unexpected(
                        offset: start, expected: "a chunk within the file",
                        found: "\(offset), \(length)")
                }
                entries.append(
                    Entry(
                        chunk: SavedChunk(byteOffset: Int(offset), checksum: checksum),
                        byteCount: Int(length)))
            }
            parts[part] = entries
        }
    }

    static func aligned(_ count: Int) -> Int {
        (count + alignment - 1) / alignment * alignment
    }
}
