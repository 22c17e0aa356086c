/// Where the bytes of a slab were last written to a file, and what they were.
public struct SavedChunk: Sendable, Equatable {
    /// Where they begin.
    public let byteOffset: Int
    /// Their CRC-32C.
    public let checksum: UInt32

    /// A place with a checksum.
    public init(byteOffset: Int, checksum: UInt32) {
        self.byteOffset = byteOffset
        self.checksum = checksum
    }
}

/// Rows of equal size in slabs: a value whose copies share what neither has changed.
///
/// A write to a row copies at most that row's slab. A slab may be a part of a file; then it is checked
/// when it is first touched, and copied when it is first written.
public struct RowPlane: Sendable {
    /// How the rows of a file are read.
    public enum Residence: Sendable {
        /// In place, where few of them are read or all are read once.
        case mapped
        /// Into memory, a slab when it is first asked for, where all are read again and again; in place
        /// where they are more than half of the machine's memory.
        case memory
    }

    /// The size of a row.
    public let rowBytes: Int
    /// How many rows a slab holds.
    public let rowsPerSlab: Int
    /// The number of rows there is room for.
    public private(set) var count = 0

    private var slabs: [Slab] = []
    // Where each slab begins, so that nobody asks the slabs on the way through a graph.
    private var starts: [UInt] = []
    private let pool: SlabPool
    /// The file that slabs are mapped in.
    private var file: MappedFile?
    // Nil for a slab that was written to since, or never saved.
    private var saved: [SavedChunk?] = []

    init(rowBytes: Int, rowsPerSlab: Int) {
        self.rowBytes = rowBytes
        self.rowsPerSlab = rowsPerSlab
        pool = SlabPool(slabBytes: rowBytes * rowsPerSlab)
    }

    /// Rows in the chunks of a file, each the size of a slab.
    ///
    /// Returns nil where there are not as many chunks as `count` rows need, they are more than the
    /// file, or one does not lie within it or begins in the midst of a cache line.
    ///
    /// - Complexity: O(chunks); none of their bytes is read.
    public init?(
        rowBytes: Int, rowsPerSlab: Int, count: Int, chunks: [SavedChunk], in file: MappedFile,
        residence: Residence = .mapped
    ) {
        let (size, overflow) = rowBytes.multipliedReportingOverflow(by: rowsPerSlab)
        guard rowBytes > 0, rowsPerSlab > 0, !overflow, count >= 0,
            chunks.count == (count + rowsPerSlab - 1) / rowsPerSlab,
            chunks.isEmpty || size <= file.byteCount / chunks.count,
            chunks.allSatisfy({
                $0.byteOffset >= 0 && $0.byteOffset % 64 == 0 && size <= file.byteCount
                    && $0.byteOffset <= file.byteCount - size
            })
        else { return nil }
        self.rowBytes = rowBytes
        self.rowsPerSlab = rowsPerSlab
        self.count = count
        // No file makes its reader ask for more memory than there is; pages of a file can be given up.
        let isHeld =
            residence == .memory
            && (chunks.isEmpty || size <= SlabPool.greatestPlane / chunks.count)
        let pool = SlabPool(slabBytes: size)
        if isHeld { pool.reserve(chunks.count) }
        self.pool = pool
        slabs = chunks.map {
            Slab(
                SlabSource(file: file, byteOffset: $0.byteOffset, checksum: $0.checksum),
                byteCount: size, into: isHeld ? pool : nil)
        }
        starts = slabs.map(\.address)
        saved = chunks
        if !isHeld { self.file = file }
    }

    /// The number of slabs.
    public var slabCount: Int { slabs.count }

    /// The memory of all slabs, and what is mapped, in bytes.
    public var byteCount: Int { slabs.reduce(0) { $0 + $1.byteCount } }

    /// Where a slab's bytes stand in a file; nil where they were written to since.
    ///
    /// - Precondition: `0 <= slab < slabCount`.
    public func saved(_ slab: Int) -> SavedChunk? { saved[slab] }

    /// Notes where a slab's bytes stand in a file now.
    ///
    /// - Precondition: `0 <= slab < slabCount`.
    public mutating func setSaved(_ slab: Int, _ chunk: SavedChunk?) { saved[slab] = chunk }

    /// Copies the bytes of a slab; nil where they are not what was written to its file.
    ///
    /// - Precondition: `0 <= slab < slabCount`.
    /// - Complexity: O(bytes).
    public func bytes(ofSlab slab: Int) -> [UInt8]? { slabs[slab].bytes }

    /// Whether slabs are mapped in a file that has become shorter since; they may not be touched then.
    var hasLostItsFile: Bool { file?.hasShrunk ?? false }

    /// Whether the slab of a row is what was written to its file; always, for memory.
    ///
    /// - Complexity: O(slab) at its first touch.
    public func isIntact(_ row: Int) -> Bool { slabs[row / rowsPerSlab].isIntact }

    /// Whether every slab is.
    ///
    /// - Complexity: O(bytes) at the first touch.
    public var isIntact: Bool { slabs.allSatisfy(\.isIntact) }

    /// The same rows in slabs of another size.
    ///
    /// - Complexity: O(bytes), unless the size is the same.
    func regrouped(rowsPerSlab: Int, isColumnar columns: [Int]) -> RowPlane {
        guard rowsPerSlab != self.rowsPerSlab else { return self }
        // Read, where they are to come into memory.
        _ = isIntact
        var plane = RowPlane(rowBytes: rowBytes, rowsPerSlab: rowsPerSlab)
        plane.resize(to: count)
        for row in 0..<count {
            var start = 0
            for width in columns {
                plane.mutableField(row, after: start, width: width).copyMemory(
                    from: field(row, after: start, width: width), byteCount: width)
                start += width
            }
        }
        return plane
    }

    /// Makes room for `count` rows, or gives back the slabs beyond them.
    mutating func resize(to count: Int) {
        let needed = (count + rowsPerSlab - 1) / rowsPerSlab
        if slabs.count > needed {
            slabs.removeLast(slabs.count - needed)
            starts.removeLast(starts.count - needed)
            saved.removeLast(saved.count - needed)
        }
        while slabs.count < needed {
            let slab = Slab(byteCount: rowBytes * rowsPerSlab, from: pool)
            slabs.append(slab)
            starts.append(slab.address)
            saved.append(nil)
        }
        self.count = count
    }

    /// Where a row is, for reading while this value lives.
    func row(_ row: Int) -> UnsafeRawPointer { field(row, after: 0, width: rowBytes) }

    /// Where a row is, and whether its slab is intact, by one look for both.
    func checkedRow(_ row: Int) -> (start: UnsafeRawPointer, isIntact: Bool) {
        let (slab, place) = row.quotientAndRemainder(dividingBy: rowsPerSlab)
        let held = slabs[slab]
        return (UnsafeRawPointer(held.base + place * rowBytes), held.isIntact)
    }

    /// Whether rows may have to be read from a file: then `fetch` wants room.
    var isMapped: Bool { file != nil }

    /// Where a row is to be read: where it stands in memory, or in `room`, into which it was read
    /// where its slab is mapped; nil where its file is damaged.
    func fetch(_ row: Int, into room: UnsafeMutableRawPointer) -> UnsafeRawPointer? {
        let (slab, place) = row.quotientAndRemainder(dividingBy: rowsPerSlab)
        let held = slabs[slab]
        guard held.isMapped else { return begin(slab) + place * rowBytes }
        guard held.isIntact, held.read(rowBytes, at: place * rowBytes, into: room) else {
            return nil
        }
        return UnsafeRawPointer(room)
    }

    /// Where a row is, for writing while no other value shares it.
    mutating func mutableRow(_ row: Int) -> UnsafeMutableRawPointer {
        mutableField(row, after: 0, width: rowBytes)
    }

    /// Where a field of a row is, in a slab that holds its rows field by field: `after` bytes of each
    /// row belong to fields before this one.
    func field(_ row: Int, after start: Int, width: Int) -> UnsafeRawPointer {
        let (slab, place) = row.quotientAndRemainder(dividingBy: rowsPerSlab)
        return begin(slab) + (start * rowsPerSlab + place * width)
    }

    private func begin(_ slab: Int) -> UnsafeRawPointer {
        guard let start = UnsafeRawPointer(bitPattern: starts[slab]) else {
            preconditionFailure("a slab has an address")
        }
        return start
    }

    /// Where all slabs begin, for a kernel, while `body` runs.
    func withStarts<Result>(
        _ body: (UnsafePointer<UnsafePointer<UInt8>?>?) -> Result
    ) -> Result {
        // An address is what a pointer is made of.
        starts.withUnsafeBytes {
            body($0.assumingMemoryBound(to: UnsafePointer<UInt8>?.self).baseAddress)
        }
    }

    /// The same for writing.
    mutating func mutableField(
        _ row: Int, after start: Int, width: Int
    ) -> UnsafeMutableRawPointer {
        let (slab, place) = row.quotientAndRemainder(dividingBy: rowsPerSlab)
        if !slabs[slab].isWritable || !isKnownUniquelyReferenced(&slabs[slab]) {
            slabs[slab] = slabs[slab].copy(from: pool)
            starts[slab] = slabs[slab].address
        }
        saved[slab] = nil
        return slabs[slab].base + start * rowsPerSlab + place * width
    }
}
