/// Why a file gave no document.
public enum DocumentError: Error, Equatable, Sendable {
    /// Nothing at this path.
    case notFound(path: String)
    /// The system refused; `errno` says why. May be worth a retry.
    case unreadable(path: String, errno: Int32)
    /// A link, pipe, socket or device.
    case notARegularFile(path: String)
    /// Over the limit; retrying does not help.
    case tooLarge(path: String, byteCount: Int, limit: Int)
    /// Holds a NUL byte.
    case binary(path: String)

    /// The same as a remark on a file that was left out.
    public var diagnostic: Diagnostic {
        switch self {
        case .notFound(let path): Diagnostic(.unreadable, path: path, "no such file")
        case .unreadable(let path, let errno):
            Diagnostic(.unreadable, path: path, "cannot be read (errno \(errno))")
        case .notARegularFile(let path): Diagnostic(.special, path: path, "not a regular file")
        case .tooLarge(let path, let byteCount, let limit):
            Diagnostic(.tooLarge, path: path, "\(byteCount) bytes, the limit is \(limit)")
        case .binary(let path): Diagnostic(.binary, path: path, "binary: it holds a NUL byte")
        }
    }
}
