internal import Documents
internal import Foundation
internal import Glibc
public import Orchestration

/// The bearer token of a service: 256 random bits in a file that only its owner can read.
public struct TokenFile: Sendable {
    /// Where it lies.
    public let path: String
    private let digest: ContentHash

    /// Reads the file, or makes it where there is none.
    ///
    /// - Throws: `Failure` where it cannot be made, is no plain file, belongs to somebody else, can be
    ///   read by others, or holds less than 32 characters.
    public init(_ path: String) throws(Failure) {
        self.path = path
        if let token = try Self.make(path) {
            digest = ContentHash(of: token)
        } else {
            digest = ContentHash(of: try Self.read(path))
        }
    }

    /// Whether a client's token is this one.
    ///
    /// Digests are compared, so that the time it takes tells nothing of the token.
    func accepts(_ token: some StringProtocol) -> Bool {
        ContentHash(of: token.utf8) == digest
    }

    /// The new token's bytes; nil where the file is there already.
    private static func make(_ path: String) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw refused(path, String(cString: strerror(errno))) }
            return nil
        }
        defer { close(descriptor) }
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        let token = (0..<64).map { _ in digits[Int(generator.next() & 15)] }
        let line = token + [0x0A]
        guard line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == line.count,
            fsync(descriptor) == 0
        else {
            let cause = String(cString: strerror(errno))
            unlink(path)
            throw refused(path, cause)
        }
        return token
    }

    private static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw refused(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refused(path, "it is no file")
        }
        guard status.st_uid == getuid(), status.st_mode & 0o077 == 0 else {
            throw refused(path, "others can read or change it; chmod 600 it, or remove it")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        let token = Array(bytes.prefix(max(count, 0)).prefix { (0x21...0x7E).contains($0) })
        guard token.count >= 32 else {
            throw refused(path, "it holds no token of 32 characters or more")
        }
        return token
    }

    private static func refused(_ path: String, _ why: String) -> Failure {
        Failure(
            code: "TOKEN_FILE", message: "token file \(path): \(why)",
            next: "name another with --token-file FILE", exitCode: .denied)
    }
}
