/// Why rows, a query or a filter were refused.
///
/// Nothing was changed; retrying does not help.
public enum IndexError: Error, Equatable, Sendable {
    /// Rows or a query of another length.
    case dimension(expected: Int, found: Int)
    /// Not one key a row.
    case keyCount(rows: Int, keys: Int)
    /// A key that is there already, or twice.
    case duplicateKey(VectorKey)
    /// A name that is there already, or twice.
    case duplicateName(VectorName)
    /// NaN or infinity in a row or a query.
    case notFinite(row: Int)
    /// A filter that was made before the index changed; make it again.
    case staleFilter
    /// The index lies in a file whose bytes are not what was written; make it anew.
    case damaged
}
