internal import Foundation

extension SearchRequest {
    /// A longer query is cut, and the reply says so.
    private static let byteLimit = 8 << 10
    /// An alert's message is read whole up to here; what counts of it is much less.
    private static let alertByteLimit = 1 << 20

    /// The query as it is searched, and its parts.
    ///
    /// - Parameter degraded: takes a sentence where the query was cut.
    /// - Returns: the text, and what it was taken apart into.
    /// - Throws: `RetrievalError.emptyQuery`, `.notAnAlert`.
    func parsed(noting degraded: inout [String]) throws -> (query: String, ParsedQuery) {
        let trimmed = query.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty else { throw RetrievalError.emptyQuery }
        if shape == nil || shape == .alert, trimmed.utf8.count <= Self.alertByteLimit,
            let alert = ParsedQuery.alert(trimmed)
        {
            return (alert.sense, alert)
        }
        guard shape != .alert else { throw RetrievalError.notAnAlert }
        guard trimmed.utf8.count > Self.byteLimit else {
            return (trimmed, ParsedQuery(trimmed, as: shape))
        }
        degraded.append("the query was cut to its first \(Self.byteLimit) bytes")
        let cut = String(decoding: trimmed.utf8.prefix(Self.byteLimit), as: UTF8.self)
        return (cut, ParsedQuery(cut, as: shape))
    }
}
