/// Something a reader of files should know: what was skipped, repaired or doubtful, and where.
public struct Diagnostic: Sendable, Equatable, Codable {
    /// What kind of remark this is; a stable name for scripts.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// Left out: not a text (it holds a NUL byte).
        case binary
        /// Left out: larger than the reader takes.
        case tooLarge = "too_large"
        /// Left out: a kind of file that nothing here reads.
        case unsupportedType = "unsupported_type"
        /// Left out: links are not followed.
        case symlink
        /// Left out: neither a file nor a folder.
        case special
        /// Left out: a `.gitignore` names it.
        case ignored
        /// Left out: the system would not let it be read.
        case unreadable
        /// Read, with every invalid byte shown as U+FFFD; the bytes themselves stay citable.
        case invalidUTF8 = "invalid_utf8"
        /// Read, and repaired for search: UTF-8 that once was taken for Mac Roman.
        case mojibake
        /// Read, but the front matter is not YAML; it is kept as text.
        case frontMatter = "front_matter"
        /// Read: nothing in it but white space.
        case empty
    }

    /// The kind of remark.
    public let code: Code
    /// The file or folder, as the caller named it.
    public let path: String
    /// The 1-based line, where there is one.
    public let line: Int?
    /// One sentence for people.
    public let message: String
    /// Whether the file was left out of the memory.
    public let isSkipped: Bool

    /// A remark about `path`.
    public init(_ code: Code, path: String, line: Int? = nil, _ message: String) {
        self.code = code
        self.path = path
        self.line = line
        self.message = message
        isSkipped =
            switch code {
            case .invalidUTF8, .mojibake, .frontMatter, .empty: false
            default: true
            }
    }

    enum CodingKeys: String, CodingKey {
        case code, path, line, message
        case isSkipped = "skipped"
    }
}
