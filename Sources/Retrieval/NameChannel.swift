internal import Store

/// Finds names by their letters.
struct NameChannel {
    let reader: MemoryReader

    /// The passages that share letters with a query's names, best first.
    ///
    /// A query that is one name is held against the names in each: those that are it, or it with a slip,
    /// come first, by likeness. How many letters a passage shares tells little there: one that is full
    /// of names shares many. Where the name is a single word, nothing else counts.
    ///
    /// - Returns: nil where the query has no names.
    /// - Throws: `StoreError`.
    func matches(
        _ query: ParsedQuery, in scope: PassageScope, limit: Int
    ) throws(StoreError) -> [ScoredChunk]? {
        guard let names = NameQuery(query.names) else { return nil }
        let matches = try reader.nameMatches(names, in: scope, limit: limit)
        guard query.shape == .identifier, let likeness = NameLikeness(query.sense),
            let most = matches.first?.score, most > 0
        else { return matches }
        let ids = matches.map(\.id)
        var likenesses = try reader.bodies(of: ids).mapValues(likeness.best)
        for heading in try reader.headings(of: ids) {
            likenesses[heading.id] = max(
                likenesses[heading.id] ?? 0, likeness.best(in: heading.breadcrumb))
        }
        let isOneWord = query.names.allSatisfy { !$0.contains(" ") }
        return matches.compactMap { match in
            let like = likenesses[match.id] ?? 0
            guard like > 0 || !isOneWord else { return nil }
            return ScoredChunk(id: match.id, score: like > 0 ? 1 + like : match.score / most)
        }.sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
    }
}
