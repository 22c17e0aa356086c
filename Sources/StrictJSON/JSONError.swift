/// Why bytes were refused as JSON, with the byte offset.
///
/// Never worth a retry with the same bytes.
public enum JSONError: Error, Equatable, Sendable {
    /// More bytes than the caller allows.
    case tooLarge(byteCount: Int, limit: Int)
    /// Arrays and objects nested deeper than `JSONLimits.depth`.
    case tooDeep(offset: Int)
    /// A byte that the grammar does not allow here.
    case syntax(offset: Int)
    /// The bytes end inside a value.
    case truncated
    /// Not UTF-8, or an escaped surrogate without its partner.
    case badText(offset: Int)
    /// The same key twice in one object: parsers disagree on which one counts.
    case duplicateKey(String, offset: Int)
    /// A number outside what f64 holds.
    case numberOutOfRange(offset: Int)
    /// Well-formed JSON that is not of the expected shape.
    case mismatch(path: String, reason: String)
}

/// How much JSON is accepted.
public struct JSONLimits: Sendable {
    /// The greatest number of bytes.
    public var byteCount: Int
    /// The greatest nesting of arrays and objects.
    public var depth: Int

    /// Limits with the service's defaults: 4 MiB, 64 levels.
    public init(byteCount: Int = 4 << 20, depth: Int = 64) {
        self.byteCount = byteCount
        self.depth = depth
    }
}
