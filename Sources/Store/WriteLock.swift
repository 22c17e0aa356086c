internal import Foundation
internal import Glibc

/// The cross-process lock that every writer of one memory holds: `flock` on the file LOCK.
///
/// The file is never deleted and holds the owner's pid and start time, for people to read.
/// `flock` is used because `fcntl` locks vanish when any descriptor to the file is closed.
public final class WriteLock: Sendable {
    private let descriptor: Int32

    /// How long a second writer waits before it gives up.
    private static let patience: Duration = .milliseconds(1500)

    /// Takes the lock, or waits for up to 1.5 s.
    ///
    /// - Throws: `.busy` with what the owner wrote about itself; `.system`.
    public init(path: String) throws(StoreError) {
        // Once `descriptor` is set, deinit closes it, also where what follows throws.
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try AtomicFile.makeFolder(folder)
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(path: path, errno: errno) }
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let cause = errno
            guard cause == EWOULDBLOCK || cause == EINTR else {
                throw .system(path: path, errno: cause)
            }
            guard ContinuousClock.now < deadline else {
                let owner = Self.owner(of: path)
                throw .busy(owner: owner)
            }
            usleep(20_000)
        }
        let owner = Array("pid \(getpid()), since \(Date.now.ISO8601Format())\n".utf8)
        guard ftruncate(descriptor, 0) == 0,
            pwrite(descriptor, owner, owner.count, 0) == owner.count
        else {
            let cause = errno
            throw .system(path: path, errno: cause)
        }
    }

    deinit {
        close(descriptor)
    }

    private static func owner(of path: String) -> String {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        let text = String(decoding: bytes.prefix(200), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init) ?? "another process"
    }
}
