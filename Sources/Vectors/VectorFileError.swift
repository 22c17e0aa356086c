public import Kernels

/// Why a file of vectors was refused; nothing was read from it.
public enum VectorFileError: Error, Equatable, Sendable {
    /// The file could not be opened or mapped. May be worth a retry.
    case unreadable(MappingError)
    /// The file ends before what should start or go on at this byte. Retrying does not help.
    case truncated(offset: Int, expected: String)
    /// Something else stands at this byte. Retrying does not help.
    case unexpected(offset: Int, expected: String, found: String)
    /// A sound file, or one that may be sound, of a kind that is not read. Convert it.
    case unsupported(offset: Int, found: String, supported: String)
    /// Bytes after the end of the data. Retrying does not help.
    case trailing(offset: Int, count: Int)
    /// The system refused `call` with this `errno`; what was there stays. May be worth a retry.
    case unwritable(call: String, errno: Int32)
    /// Another writer has saved the file since it was opened. Open it again.
    case changed
}

extension VectorFileError {
    /// One sentence for people, without its full stop.
    public var reason: String {
        switch self {
        case .unreadable(let cause): "the file cannot be read (\(cause))"
        case .truncated(let offset, let expected):
            "the file is cut short: byte \(offset) should begin \(expected)"
        case .unexpected(let offset, let expected, let found):
            "the file is damaged: byte \(offset) should begin \(expected), and there is \(found)"
        case .unsupported(let offset, let found, let supported):
            "\(found) at byte \(offset) is not read; conductor reads \(supported)"
        case .trailing(let offset, let count):
            "the file is damaged: the data end at byte \(offset), and \(count) more bytes follow"
        case .unwritable(let call, let code): "the system refused \(call), error \(code)"
        case .changed: "another writer has changed the file"
        }
    }
}

extension StoredBytes {
    /// Maps the file at `path`.
    ///
    /// - Throws: `VectorFileError.unreadable`.
    static func file(at path: String) throws(VectorFileError) -> StoredBytes {
        do throws(MappingError) {
            return .mapped(try MappedFile(path: path))
        } catch {
            throw .unreadable(error)
        }
    }
}
