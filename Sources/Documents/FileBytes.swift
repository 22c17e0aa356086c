internal import Glibc

/// Reads a whole regular file without following a link at its end.
///
/// - Throws: `.notFound`, `.unreadable`, `.notARegularFile`, `.tooLarge`. A pipe is never waited on.
func fileBytes(at path: String, limit: Int) throws(DocumentError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else {
        switch errno {
        case ENOENT, ENOTDIR: throw .notFound(path: path)
        case ELOOP, ENXIO: throw .notARegularFile(path: path)
        default: throw .unreadable(path: path, errno: errno)
        }
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
    guard status.st_size <= limit else {
        throw .tooLarge(path: path, byteCount: Int(status.st_size), limit: limit)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: max(4096, min(Int(status.st_size) + 1, 1 << 20)))
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw .unreadable(path: path, errno: errno) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
        guard bytes.count <= limit else {
            throw .tooLarge(path: path, byteCount: bytes.count, limit: limit)
        }
    }
}
