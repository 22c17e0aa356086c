internal import Documents
internal import Store

extension Searcher {
    /// The most passages that a reranker reads; with many more its order becomes worse.
    ///
    /// - Source: Jacob et al., "Drowning in Documents", arXiv:2411.11767.
    private static let rerankedPassages = 20
    /// The most tokens of them together.
    private static let rerankedTokens = 12_000

    /// The ranking in the order of the reranker, where there is one.
    ///
    /// Of passages that say the same one is read, and the others go with it. A page that took
    /// another one's place stays before it. Bare vector order stays as it is.
    /// - Throws: `RetrievalError.rerankerFailed` in strict requests; else a reranker that gives no
    ///   order is told among what is degraded.
    func reranked(
        _ ranking: PassageRanking, _ request: SearchRequest
    ) async throws -> PassageRanking {
        guard let reranker, ranking.mode != .dense else { return ranking }
        let builder = HitBuilder(reader, paths: paths, request: request)
        let groups = try builder.groups(ranking)
        let (shown, passages) = try readable(groups.prefix(Self.rerankedPassages))
        guard shown.count > 1 else { return ranking }
        do {
            let order = try await reranker.order(of: passages, for: ranking.query)
            var places: [ChunkID: Int] = [:]
            for (index, group) in groups.enumerated() { places[group.match.id] = index + 1 }
            return ranking.reordered(
                shown, by: order, Reranking(name: reranker.name, searchRanks: places))
        } catch let error as RerankError {
            let sentence =
                "the order is the search's own, \(reranker.name) gave none: \(error.reason)"
            if request.isStrict { throw RetrievalError.rerankerFailed(reason: sentence) }
            var ranking = ranking
            ranking.degraded.append(sentence)
            return ranking
        }
    }

    /// The first of some groups that are still there and together not too long, with their texts.
    private func readable(
        _ groups: ArraySlice<HitBuilder.Group>
    ) throws(StoreError) -> ([HitBuilder.Group], [RerankPassage]) {
        let read = try reader.passages(groups.map(\.match.id))
        let known = Dictionary(read.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var (shown, passages, tokens): ([HitBuilder.Group], [RerankPassage], Int) = ([], [], 0)
        for group in groups {
            guard let passage = known[group.match.id] else { continue }
            tokens += passage.chunk.tokens
            guard tokens <= Self.rerankedTokens else { break }
            shown.append(group)
            passages.append(
                RerankPassage(
                    citation: Citation(path: passage.document.path, lines: passage.chunk.lines),
                    breadcrumb: passage.chunk.breadcrumb, text: passage.chunk.body))
        }
        return (shown, passages)
    }
}

/// What a reranker did to a ranking.
struct Reranking: Sendable {
    /// Who it is.
    let name: String
    /// The places of the passages before, from 1.
    let searchRanks: [ChunkID: Int]
}

extension PassageRanking {
    /// The same with some groups of passages in another order; the places that they had, and the
    /// scores of these, are dealt out anew.
    fileprivate func reordered(
        _ groups: [HitBuilder.Group], by order: [Int], _ reranking: Reranking
    ) -> PassageRanking {
        var left = Set(groups.indices)
        let named = order.filter { left.remove($0) != nil }
        let moved = (named + left.sorted()).flatMap { index in
            [groups[index].match.id] + groups[index].copies
        }
        let byID = Dictionary(uniqueKeysWithValues: matches.map { ($0.id, $0) })
        let ids = Set(moved)
        let scores = matches.filter { ids.contains($0.id) }.map(\.score).sorted(by: >)
        let first = zip(moved, scores).compactMap { id, score in byID[id]?.scored(score) }
        var ranking = self
        ranking.matches = PassageOrder(pages, now: day).successorsFirst(
            first + matches.filter { !ids.contains($0.id) })
        ranking.reranking = reranking
        return ranking
    }
}
