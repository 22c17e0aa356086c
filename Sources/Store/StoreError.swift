/// Why the memory could not be read or written.
public enum StoreError: Error, Equatable, Sendable {
    /// Another process holds the write lock. Retry when it has finished.
    case busy(owner: String)
    /// There is no memory here yet; write something first.
    case missing(path: String)
    /// The system refused; may be worth a retry once its cause is mended.
    case system(path: String, errno: Int32)
    /// SQLite refused. `code` is its extended result code.
    case database(code: Int32, message: String)
    /// A newer version of the program wrote this memory.
    case newerSchema(found: String)
    /// A key, run name or path that is not allowed.
    case invalidName(String)
    /// Stored bytes are not what was written.
    case corrupt(String)
}
