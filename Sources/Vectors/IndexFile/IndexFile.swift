internal import Glibc
internal import Kernels

/// An index in a folder of its own, in the file `base`.
///
/// `IndexSuperblock` and `ChunkTable` tell the layout. A save appends what has changed since the last
/// one and then lets the headers point to it, so a save that is cut off leaves the file as it was,
/// and a reader that has it open keeps the state it opened. Once more of the file is out of use than
/// in use, a save writes a new file in its place. One writer at a time: its caller sees to that.
///
/// Opening maps the file and reads headers, keys and live bits. Codes and edges come into memory when
/// a search first needs them; f32 rows are read where they are mapped by an exact search, and one by
/// one by a search through the graph, which so makes none of their pages resident. A checksum finds
/// damage at the first touch, and the search throws `IndexError.damaged`.
public struct IndexFile<Key: IndexKey>: Sendable {
    /// The index as it was opened or last saved; a value that may outlive the file.
    public private(set) var index: KeyedVectorIndex<Key>
    /// What its maker noted.
    public var note: IndexNote { header.note }
    /// Sentences on what was found amiss while opening, and mended by reading around it.
    public let notices: [String]
    /// The size of the file in bytes.
    public var byteCount: Int { header.byteCount }

    private let folder: String
    private var header: IndexSuperblock
    private var table: ChunkTable

    /// Below this many bytes out of use, a file is not written anew, unless it is tidied.
    private static var leastGarbage: Int { 4 << 20 }

    /// Where the index of a folder lies.
    public static func path(in folder: String) -> String { folder + "/base" }

    /// Opens the index in a folder.
    ///
    /// - Throws: `VectorFileError`: `.unreadable` where there is none.
    /// - Complexity: O(count), of which each takes a key and a bit.
    public init(opening folder: String) throws(VectorFileError) {
        let file: MappedFile
        do throws(MappingError) {
            file = try MappedFile(path: IndexFile.path(in: folder))
        } catch {
            throw .unreadable(error)
        }
        let image = try IndexImage<Key>(file)
        (index, header, table, notices) = (image.index, image.header, image.table, image.notices)
        self.folder = folder
    }

    /// Writes an index into a folder, in place of what is there; it is kept up first (`keepUp`).
    ///
    /// - Parameters:
    ///   - index: what is written.
    ///   - note: what its maker notes.
    ///   - folder: made where missing; those above it are not.
    ///   - progress: called with the bytes written so far.
    /// - Throws: `VectorFileError.unwritable`; then what was there stays.
    public init(
        writing index: KeyedVectorIndex<Key>, note: IndexNote = IndexNote(), to folder: String,
        progress: @escaping (Int) -> Void = { _ in }
    ) throws(VectorFileError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .unwritable(call: "mkdir", errno: errno)
        }
        self.folder = folder
        notices = []
        var index = index
        index.keepUp()
        (self.index, header, table) = try IndexFile.written(index, note, to: folder, progress)
    }

    /// Brings the file up to date with a later state of its index, which is kept up first
    /// (`keepUp`).
    ///
    /// - Parameters:
    ///   - changed: what `index` became; any other index is written whole.
    ///   - note: what its maker notes.
    ///   - isTidying: whether a file of which more than a twentieth is out of use is written anew.
    /// - Returns: how many bytes were written.
    /// - Throws: `.changed` where another writer was at it, `.unwritable`; then the file holds what
    ///   it held.
    /// - Complexity: O(changed chunks + count / 8192), and where a tenth of the rows changed that of
    ///   `keepUp`.
    @discardableResult
    public mutating func save(
        _ changed: KeyedVectorIndex<Key>, note: IndexNote, isTidying: Bool = false
    ) throws(VectorFileError) -> Int {
        let path = IndexFile.path(in: folder)
        let known = try IndexSuperblock.read(from: StoredBytes.file(at: path)).0
        guard known.fileID == header.fileID, known.sequence == header.sequence else {
            throw .changed
        }
        var changed = changed
        changed.keepUp()
        let garbage = header.byteCount - table.byteCount
        guard changed.origin == header.fileID, changed.dimension == header.dimension,
            garbage
                <= (isTidying ? table.byteCount / 20 : max(IndexFile.leastGarbage, table.byteCount))
        else {
            (index, header, table) = try IndexFile.written(changed, note, to: folder) { _ in }
            return header.byteCount
        }
        var sink = try FileSink(updating: path, from: header.byteCount)
        let start = sink.end
        var writer = IndexWriter(changed, fileID: header.fileID) { _ in }
        let (table, next) = try writer.write(
            to: &sink, note: note, sequence: header.sequence + 1, known: self.table)
        (index, self.table, header) = (writer.index, table, next)
        return header.byteCount - start
    }

    /// Reads every byte that is in use.
    ///
    /// - Returns: whether all of it is what was written.
    public func isIntact() -> Bool { index.rows.isIntact }

    private static func written(
        _ index: KeyedVectorIndex<Key>, _ note: IndexNote, to folder: String,
        _ progress: @escaping (Int) -> Void
    ) throws(VectorFileError) -> (KeyedVectorIndex<Key>, IndexSuperblock, ChunkTable) {
        // What is damaged would be written with checksums that call it sound.
        guard index.rows.isIntact else {
            throw .unexpected(offset: 0, expected: "rows as they were written", found: "others")
        }
        var numbers = SystemRandomNumberGenerator()
        let fileID = UInt64.random(in: 1...UInt64.max, using: &numbers)
        let temporary = path(in: folder) + ".new"
        var sink = try FileSink(
            creating: temporary, from: IndexSuperblock.copies * IndexSuperblock.pageSize)
        do throws(VectorFileError) {
            var writer = IndexWriter(index, fileID: fileID, progress)
            let (table, header) = try writer.write(
                to: &sink, note: note, sequence: 1, known: ChunkTable())
            try FileSink.rename(temporary, to: path(in: folder), in: folder)
            return (writer.index, header, table)
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
