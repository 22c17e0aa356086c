internal import Foundation
internal import Glibc

/// The bytes of `timeline.ndjson`: appended to, never rewritten but to repair them.
struct TimelineFile: Sendable {
    let path: String

    /// The file's length; 0 where there is none.
    func byteCount() throws(StoreError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .system(path: path, errno: errno) }
            return 0
        }
        return Int(status.st_size)
    }

    /// The bytes from `offset` on; none where the file is shorter or absent.
    func bytes(from offset: Int) throws(StoreError) -> [UInt8] {
        guard try byteCount() > offset else { return [] }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .system(path: path, errno: errno)
        }
        do {
            try handle.seek(toOffset: UInt64(offset))
            return Array(try handle.readToEnd() ?? Data())
        } catch {
            throw .system(path: path, errno: EIO)
        }
    }

    /// Appends whole lines in one write and waits until they are on disk.
    ///
    /// - Throws: `.system`; then the file is cut back to what it was, or torn and repaired at the
    ///   next start.
    func append(_ lines: [String]) throws(StoreError) {
        guard !lines.isEmpty else { return }
        let before = try byteCount()
        let descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(path: path, errno: errno) }
        defer { close(descriptor) }
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let cause = errno
                ftruncate(descriptor, off_t(before))
                throw .system(path: path, errno: cause)
            }
            offset += count
        }
        guard fsync(descriptor) == 0 else { throw .system(path: path, errno: errno) }
        if before == 0 {
            try AtomicFile.syncFolder(URL(filePath: path).deletingLastPathComponent().path)
        }
    }

    /// Cuts the file to its first `byteCount` bytes and keeps the rest in a file beside it.
    ///
    /// - Returns: the path of the kept rest.
    func moveAside(from byteCount: Int) throws(StoreError) -> String {
        let rest = try bytes(from: byteCount)
        let base = URL(filePath: path).deletingPathExtension().path
        let aside = "\(base).torn-\(Digest.hex(of: rest).prefix(12))"
        try AtomicFile.write(rest, to: aside)
        guard truncate(path, off_t(byteCount)) == 0 else { throw .system(path: path, errno: errno) }
        return aside
    }
}
