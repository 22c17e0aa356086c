/// Why labelled queries could not be asked.
public enum EvaluationError: Error, Equatable, Sendable {
    /// A file of the set is not there, or cannot be read. Not worth a retry with the same path.
    case unreadable(path: String, reason: String)
    /// A line is not what it should be. Mend the file.
    case malformed(path: String, line: Int, reason: String)
    /// There is no query with a relevant document.
    case nothingToAsk(path: String)
    /// Two runs have no query in common.
    case nothingToCompare
}
