internal import Foundation
internal import Glibc

/// Replaces files so that a reader, or a machine that loses power, sees the old or the new bytes.
public enum AtomicFile {
    /// Writes `bytes` to `path`: a new file beside it, fsync, rename, fsync of the folder.
    ///
    /// The file is readable by its owner only. Folders above it are made where missing.
    ///
    /// - Throws: `StoreError.system`; then the old file is untouched and nothing is left behind.
    public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(StoreError) {
        try write(to: path) { sink throws(StoreError) in try sink(Array(bytes)) }
    }

    /// Writes what `body` hands to its argument, block after block, as the other `write` does.
    ///
    /// A file that is larger than memory is written so.
    ///
    /// - Throws: `StoreError.system`, or what `body` throws; then the old file is untouched and
    ///   nothing is left behind.
    public static func write(
        to path: String,
        _ body: (_ sink: ([UInt8]) throws(StoreError) -> Void) throws(StoreError) -> Void
    ) throws(StoreError) {
        let target = URL(filePath: path)
        let folder = target.deletingLastPathComponent().path
        try makeFolder(folder)
        // A name of its own for every write: two threads may write one file.
        let temporary = "\(folder)/.tmp-\(getpid())-\(UUID().uuidString)"
        let descriptor = open(
            temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(path: temporary, errno: errno) }
        do throws(StoreError) {
            defer { close(descriptor) }
            try body { block throws(StoreError) in
                try writeAll(block, to: descriptor, path: temporary)
            }
            guard fsync(descriptor) == 0 else { throw .system(path: temporary, errno: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let cause = errno
            unlink(temporary)
            throw .system(path: path, errno: cause)
        }
        try syncFolder(folder)
    }

    /// Makes a folder that only its owner can enter, and those above it.
    ///
    /// - Throws: `StoreError.system`; a folder that exists already is not an error.
    public static func makeFolder(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 { return }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw .system(path: path, errno: ENOTDIR)
            }
        case ENOENT:
            let above = URL(filePath: path).deletingLastPathComponent().path
            guard above != path else { throw .system(path: path, errno: ENOENT) }
            try makeFolder(above)
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw .system(path: path, errno: errno)
            }
        default: throw .system(path: path, errno: errno)
        }
    }

    private static func writeAll(
        _ bytes: [UInt8], to descriptor: Int32, path: String
    ) throws(StoreError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system(path: path, errno: count == 0 ? EIO : errno) }
            offset += count
        }
    }

    static func syncFolder(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(path: path, errno: errno) }
    }
}
