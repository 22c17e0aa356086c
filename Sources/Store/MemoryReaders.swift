internal import Glibc
internal import Synchronization

/// A memory that is read again and again, through connections that stay open.
///
/// What they have read stays in their caches, and each read still sees the latest state. A database
/// that was replaced by another file is opened anew.
public final class MemoryReaders: Sendable {
    private let paths: MemoryPaths
    private let opened = Mutex<Opened?>(nil)

    private struct Opened {
        let device, inode: UInt64
        let reader: MemoryReader
    }

    /// Reads at once; each keeps a cache of its own.
    private static let limit = 4

    /// Readers of a memory, which need not be there yet.
    public init(_ paths: MemoryPaths) {
        self.paths = paths
    }

    /// The memory as it lies there now.
    ///
    /// - Throws: `StoreError`: `.missing` where there is none yet.
    public func reader() throws(StoreError) -> MemoryReader {
        var status = stat()
        guard stat(paths.database, &status) == 0 else { throw .missing(path: paths.database) }
        let (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
        return try opened.withLock { opened throws(StoreError) in
            if let opened, opened.device == device, opened.inode == inode { return opened.reader }
            let reader = try MemoryReader(pooling: paths, limit: Self.limit)
            opened = Opened(device: device, inode: inode, reader: reader)
            return reader
        }
    }
}
