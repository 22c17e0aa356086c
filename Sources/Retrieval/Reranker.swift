public import Documents

/// Puts the passages that a search found first into a better order, by reading them.
public protocol Reranker: Sendable {
    /// Its name as settings have it: `ollama:llama3.1`.
    var name: String { get }

    /// The places of the passages that answer a query, the best answer first.
    ///
    /// - Parameters:
    ///   - passages: in the search's own order.
    ///   - query: as it was searched.
    /// - Returns: indices of `passages`; those that are left out keep their order behind, and those
    ///   that come again or do not exist count for nothing.
    /// - Throws: `RerankError`, after which the search's own order stands; `CancellationError`.
    func order(of passages: [RerankPassage], for query: String) async throws -> [Int]
}

/// A passage as a reranker reads it.
public struct RerankPassage: Sendable {
    /// Where it stands.
    public let citation: Citation
    /// Title and headings above it.
    public let breadcrumb: String
    /// Its whole text, secrets included.
    public let text: String
    /// What stands before and behind it in its page, as far as a secret may reach that begins or ends
    /// there; secrets included.
    public let before, after: String
}

/// Why a reranker gave no order.
public struct RerankError: Error, Equatable, Sendable {
    /// A part of a sentence, for people.
    public let reason: String

    /// A reason.
    public init(reason: String) {
        self.reason = reason
    }
}
