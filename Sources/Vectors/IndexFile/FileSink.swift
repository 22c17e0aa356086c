internal import Glibc
internal import Kernels

/// A file that is written at its end and in its first pages; closed when this goes.
struct FileSink: ~Copyable {
    private let descriptor: Int32
    /// Where the next bytes go.
    private(set) var end: Int

    /// A new file of the owner's, in place of one that a writer left unfinished.
    ///
    /// - Throws: `.unwritable`; `.changed` while another writer is at it.
    init(creating path: String, from end: Int) throws(VectorFileError) {
        descriptor = try FileSink.openAlone(path)
        self.end = end
    }

    private static func openAlone(_ path: String) throws(VectorFileError) -> Int32 {
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .unwritable(call: "open", errno: errno) }
        // Locked, and still the file of that name: another writer may have just renamed it.
        var (ours, named) = (stat(), stat())
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &ours) == 0,
            stat(path, &named) == 0, ours.st_ino == named.st_ino, ours.st_dev == named.st_dev
        else {
            close(descriptor)
            throw .changed
        }
        guard ftruncate(descriptor, 0) == 0 else {
            let cause = errno
            close(descriptor)
            throw .unwritable(call: "ftruncate", errno: cause)
        }
        return descriptor
    }

    /// A file that is there.
    ///
    /// - Throws: `.unwritable`.
    init(updating path: String, from end: Int) throws(VectorFileError) {
        descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .unwritable(call: "open", errno: errno) }
        self.end = end
    }

    deinit { close(descriptor) }

    /// Writes bytes at the next multiple of the alignment, and tells where and what they are.
    mutating func append(_ bytes: [UInt8]) throws(VectorFileError) -> ChunkTable.Entry {
        let start = ChunkTable.aligned(end)
        try write(bytes, at: start)
        end = start + bytes.count
        return ChunkTable.Entry(
            chunk: SavedChunk(byteOffset: start, checksum: Checksum.crc32c(of: bytes)),
            byteCount: bytes.count)
    }

    /// Writes bytes where it is told.
    func write(_ bytes: [UInt8], at start: Int) throws(VectorFileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written,
                    start + written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw .unwritable(call: "pwrite", errno: count == 0 ? EIO : errno)
            }
            written += count
        }
    }

    /// Returns once everything written is on the disk.
    func sync() throws(VectorFileError) {
        guard fdatasync(descriptor) == 0 else {
            throw .unwritable(call: "fdatasync", errno: errno)
        }
    }

    /// Puts a file in the place of another, for good.
    static func rename(_ path: String, to target: String, in folder: String)
        throws(VectorFileError)
    {
        guard Glibc.rename(path, target) == 0 else {
            throw .unwritable(call: "rename", errno: errno)
        }
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(call: "open", errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unwritable(call: "fsync", errno: errno) }
    }
}
