internal import Kernels

/// The page that says what an index file holds and where; it stands at the file's start twice.
///
/// Little-endian:
///
///     offset  size  what
///          0     8  89 43 56 49 0D 0A 1A 0A
///          8     4  version, 1; a reader refuses greater ones
///         12     4  01020304, which tells the order of bytes
///         16     8  a number of this file, drawn when it was made
///         24     8  how often it was saved
///         32     4  dimension
///         36     4  metric: 0 inner product, 1 cosine, 2 euclidean
///         40     4  kind of keys: 1 numbers, 2 texts
///         44     4  length of the label
///         48     8  slots
///         56     8  rows
///         64     8  the number of rows from which on there are codes
///         72     8  what the codes' rotation is made from
///         80     8  where the chunk table begins
///         88     4  its length
///         92     4  its CRC-32C
///         96     8  the generation of what the index was made from
///        104     8  the length of what belongs to the file
///        112        the label, UTF-8, then zeros
///       4092     4  CRC-32C of the 4092 bytes before
///
/// Both copies say the same but for the moments in which a save replaces them one after the other; so
/// a file is read by whichever is sound, and a save that was cut off leaves what was there before it.
struct IndexSuperblock: Sendable, Equatable {
    var fileID: UInt64
    var sequence: UInt64
    var dimension: Int
    var metric: VectorMetric
    var keyKind: UInt32
    var slotCount: Int
    var rowCount: Int
    var codedFrom: Int
    var seed: UInt64
    var table: (byteOffset: Int, byteCount: Int, checksum: UInt32)
    var note: IndexNote
    var byteCount: Int

    static let pageSize = 4096
    static let copies = 2
    static let labelLimit = 1024
    /// Greater dimensions are refused, as FAISS does.
    static let dimensionLimit = 1 << 20

    private static let magic: [UInt8] = [0x89, 0x43, 0x56, 0x49, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let version: UInt32 = 1
    private static let byteOrder: UInt32 = 0x0102_0304

    static func == (left: IndexSuperblock, right: IndexSuperblock) -> Bool {
        left.page == right.page
    }

    /// The page.
    var page: [UInt8] {
        let label = Array(note.label.utf8)
        var page = IndexSuperblock.magic
        page += [IndexSuperblock.version, IndexSuperblock.byteOrder].littleEndianBytes
        page += [fileID, sequence].littleEndianBytes
        page += [UInt32(dimension), code, keyKind, UInt32(label.count)].littleEndianBytes
        page += [UInt64(slotCount), UInt64(rowCount), UInt64(codedFrom), seed].littleEndianBytes
        page += [UInt64(table.byteOffset)].littleEndianBytes
        page += [UInt32(table.byteCount), table.checksum].littleEndianBytes
        page += [note.generation, UInt64(byteCount)].littleEndianBytes
        page += label
        page += [UInt8](repeating: 0, count: IndexSuperblock.pageSize - 4 - page.count)
        return page + [Checksum.crc32c(of: page)].littleEndianBytes
    }

    private var code: UInt32 {
        switch metric {
        case .innerProduct: 0
        case .cosine: 1
        case .euclidean: 2
        }
    }
}

extension IndexSuperblock {
    /// Reads the copies at the start of a file.
    ///
    /// - Returns: the soundest and newest one, and sentences on those that are not.
    /// - Throws: `VectorFileError` where none is sound.
    static func read(
        from bytes: StoredBytes
    ) throws(VectorFileError) -> (IndexSuperblock, notices: [String]) {
        var sound: [IndexSuperblock] = []
        var failures: [VectorFileError] = []
        for copy in 0..<copies {
            do throws(VectorFileError) {
                sound.append(try IndexSuperblock(from: bytes, at: copy * pageSize))
            } catch {
                failures.append(error)
            }
        }
        guard let newest = sound.max(by: { $0.sequence < $1.sequence }) else { throw failures[0] }
        var notices = failures.map { "one of two headers was not used: \($0.reason)" }
        if sound.contains(where: { $0 != newest }) {
            notices.append("a save was cut off; the newest whole one is read")
        }
        return (newest, notices)
    }

    private init(from bytes: StoredBytes, at start: Int) throws(VectorFileError) {
        guard bytes.count - start >= IndexSuperblock.pageSize else {
            throw .truncated(offset: min(start, bytes.count), expected: "a page of the header")
        }
        let page = bytes.bytes(start..<start + IndexSuperblock.pageSize)
        guard Array(page[0..<8]) == IndexSuperblock.magic else {
            throw .unexpected(
                offset: start, expected: "the mark of an index file", found: "other bytes")
        }
        let stored = StoredBytes.memory(page)
        let order: UInt32 = stored.integer(at: 12)
        if order == IndexSuperblock.byteOrder.byteSwapped {
            throw .unsupported(
                offset: start + 12, found: "big-endian numbers", supported: "little-endian ones")
        }
        let version: UInt32 = stored.integer(at: 8)
        let body = Array(page[..<(IndexSuperblock.pageSize - 4)])
        let checksum: UInt32 = stored.integer(at: IndexSuperblock.pageSize - 4)
        guard Checksum.crc32c(of: body) == checksum else {
            throw .unexpected(
                offset: start, expected: "a page with the checksum \(checksum)", found: "another")
        }
        guard version == IndexSuperblock.version else {
            throw .unsupported(
                offset: start + 8, found: "version \(version)",
                supported: "version \(IndexSuperblock.version)")
        }
        try self.init(sound: stored, page: page, at: start)
        guard byteCount <= bytes.count else {
            throw .truncated(offset: bytes.count, expected: "\(byteCount) bytes in all")
        }
    }

    /// The values of a page whose checksum is right; checked all the same.
    private init(
        sound stored: StoredBytes, page: [UInt8], at start: Int
    ) throws(VectorFileError) {
        func refused(_ offset: Int, _ expected: String, _ found: some BinaryInteger)
            -> VectorFileError
        {
            .unexpected(offset: start + offset, expected: expected, found: "\(found)")
        }
        func count(_ offset: Int, _ name: String) throws(VectorFileError) -> Int {
            let value: UInt64 = stored.integer(at: offset)
            guard let count = Int(exactly: value) else { throw refused(offset, name, value) }
            return count
        }
        let dimension: UInt32 = stored.integer(at: 32)
        guard dimension > 0, dimension <= UInt32(IndexSuperblock.dimensionLimit) else {
            throw refused(32, "a dimension up to \(IndexSuperblock.dimensionLimit)", dimension)
        }
        let code: UInt32 = stored.integer(at: 36)
        guard let metric = [VectorMetric.innerProduct, .cosine, .euclidean][optional: Int(code)]
        else { throw refused(36, "a metric from 0 to 2", code) }
        let labelCount: UInt32 = stored.integer(at: 44)
        guard labelCount <= UInt32(IndexSuperblock.labelLimit) else {
            throw refused(44, "a label up to \(IndexSuperblock.labelLimit) bytes", labelCount)
        }
        let label = String(
            validating: page[112..<112 + Int(labelCount)], as: UTF8.self)
        guard let label else {
            throw .unexpected(offset: start + 112, expected: "a label", found: "no UTF-8")
        }
        self.dimension = Int(dimension)
        self.metric = metric
        fileID = stored.integer(at: 16)
        sequence = stored.integer(at: 24)
        keyKind = stored.integer(at: 40)
        slotCount = try count(48, "the number of slots")
        rowCount = try count(56, "the number of rows")
        guard slotCount <= Int(UInt32.max), rowCount <= slotCount else {
            throw refused(48, "as many slots as rows, up to 2^32 - 1", slotCount)
        }
        codedFrom = try count(64, "a number of rows")
        seed = stored.integer(at: 72)
        let tableCount: UInt32 = stored.integer(at: 88)
        table = (
            try count(80, "where the chunk table begins"), Int(tableCount), stored.integer(at: 92)
        )
        byteCount = try count(104, "the length of the file")
        note = IndexNote(generation: stored.integer(at: 96), label: label)
    }
}

extension Array {
    fileprivate subscript(optional index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
