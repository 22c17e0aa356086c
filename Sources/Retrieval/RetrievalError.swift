/// Why a request could not be served.
///
/// Errors of the layers below pass through unchanged.
public enum RetrievalError: Error, Equatable, Sendable {
    /// Nothing lies at this path. Not worth a retry with the same path.
    case pathNotFound(String)
    /// No document has this docid or path in the memory.
    case documentNotFound(String)
    /// Several documents match a shortened docid.
    case ambiguousDocid(String, paths: [String])
    /// The lines asked for are not in the file.
    case linesNotFound(path: String, lineCount: Int)
    /// No path was given, and there is none of the folders that are read by default.
    case nothingToIndex(looked: [String])
    /// A vector was asked for and no embedder is there. Install the model, then retry.
    case embedderUnavailable(reason: String)
    /// The query is empty, or only white space.
    case emptyQuery
    /// A query that was said to be an alert is none: no JSON with `labels` or `annotations`.
    case notAnAlert
    /// A reranker gave no order, and nothing less than one was asked for. May be worth a retry.
    case rerankerFailed(reason: String)
}
