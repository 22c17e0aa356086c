/// A query's words as full-text search uses them.
struct QueryTerms: Sendable, Equatable {
    /// The terms in order, without repeats; a term of several words must match in order.
    let terms: [String]

    /// How many terms a query may have; later ones are left out.
    static let limit = 64

    /// Words that say nothing of a subject; dropped unless nothing else is left.
    static let stopWords: Set<String> = [
        "a", "about", "after", "all", "an", "and", "any", "are", "as", "at", "be", "been", "but",
        "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "how", "i",
        "if", "in", "into", "is", "it", "its", "me", "my", "of", "on", "or", "our", "out", "should",
        "so", "some", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "to", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why",
        "will", "with", "would", "you", "your",
    ]

    init(_ query: String) {
        var seen: Set<String> = []
        var words: [String] = []
        let tokens = query.split { !$0.isLetter && !$0.isNumber && !"_-.".contains($0) }
        for token in tokens {
            for term in [token.lowercased()] + Self.parts(of: token)
            where seen.insert(term).inserted {
                words.append(term)
            }
        }
        let telling = words.filter { !Self.stopWords.contains($0) }
        terms = Array((telling.isEmpty ? words : telling).prefix(Self.limit))
    }

    /// The words of an identifier, which also match apart.
    private static func parts(of token: Substring) -> [String] {
        let parts = IdentifierWords.split(token)
        return parts.count > 1 ? parts.filter { $0.count > 1 } : []
    }
}
