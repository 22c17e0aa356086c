internal import Documents
internal import Store

/// Asks a reranker for the order of the passages that a search found first.
///
/// Of passages that say the same one is read, and stands for the others.
struct Reranking {
    let reranker: any Reranker
    let reader: MemoryReader
    let isStrict: Bool

    /// The most passages that are read; with many more the order becomes worse.
    ///
    /// - Source: Jacob et al., "Drowning in Documents", arXiv:2411.11767.
    private static let mostPassages = 20
    /// The most tokens of them together; what is longer keeps its place.
    private static let mostTokens = 12_000
    /// How much of a page is read before and behind a passage: a secret may reach over its ends.
    private static let surroundings = 32 << 10

    /// An order of the first groups of a ranking, or why there is none.
    enum Outcome {
        /// Places of groups, each once, the best first; they are dealt the places of all of them.
        case order([Int])
        /// There was but one group to read.
        case none
        /// A sentence for people.
        case failed(String)
    }

    /// Asks for the order of some groups.
    ///
    /// - Throws: `RetrievalError.rerankerFailed` in strict requests, `StoreError`.
    func outcome(
        _ groups: [HitBuilder.Group], for query: String
    ) async throws -> Outcome {
        guard groups.count > 1 else { return .none }
        let (places, passages) = try readable(groups.prefix(Self.mostPassages))
        var reason = "the passages are too long to be read together"
        if places.count > 1 {
            do {
                let order = try await reranker.order(of: passages, for: query)
                var left = Set(places.indices)
                let named = order.filter { left.remove($0) != nil }
                return .order((named + left.sorted()).map { places[$0] })
            } catch let error as RerankError {
                reason = error.reason
            }
        }
        let sentence = "the order is the search's own, \(reranker.name) gave none: \(reason)"
        if isStrict { throw RetrievalError.rerankerFailed(reason: sentence) }
        return .failed(sentence)
    }

    /// The groups that are still there and together not too long: their places and their texts.
    private func readable(
        _ groups: ArraySlice<HitBuilder.Group>
    ) throws(StoreError) -> ([Int], [RerankPassage]) {
        let read = try reader.passages(groups.map(\.match.id))
        let known = Dictionary(read.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var (places, passages, tokens): ([Int], [RerankPassage], Int) = ([], [], 0)
        for (place, group) in groups.enumerated() {
            guard let passage = known[group.match.id],
                tokens + passage.chunk.tokens <= Self.mostTokens
            else { continue }
            tokens += passage.chunk.tokens
            places.append(place)
            let (before, after) = try surroundings(of: passage)
            passages.append(
                RerankPassage(
                    citation: Citation(path: passage.document.path, lines: passage.chunk.lines),
                    breadcrumb: passage.chunk.breadcrumb, text: passage.chunk.body,
                    before: before, after: after))
        }
        return (places, passages)
    }

    /// What stands before and behind a passage in its page; an event stands alone.
    private func surroundings(
        of passage: StoredPassage
    ) throws(StoreError) -> (before: String, after: String) {
        guard passage.document.kind != DocumentKind.event.rawValue else { return ("", "") }
        let all = try reader.passages(ofDocumentAt: passage.document.path)
        guard let place = all.firstIndex(where: { $0.id == passage.id }) else { return ("", "") }
        var (before, after) = ("", "")
        for index in all[..<place].indices.reversed()
        where before.utf8.count < Self.surroundings {
            before = all[index].chunk.body + Self.lineEnd(all[index], all[index + 1]) + before
        }
        for index in all[(place + 1)...].indices where after.utf8.count < Self.surroundings {
            after += Self.lineEnd(all[index - 1], all[index]) + all[index].chunk.body
        }
        return (before, after)
    }

    /// What stands between two passages that follow one another: nothing within a long line.
    private static func lineEnd(_ first: StoredPassage, _ second: StoredPassage) -> String {
        first.chunk.lines.upperBound < second.chunk.lines.lowerBound ? "\n" : ""
    }
}

extension Searcher {
    private func reranking(_ ranking: PassageRanking, _ request: SearchRequest) -> Reranking? {
        guard let reranker, ranking.mode != .dense else { return nil }
        return Reranking(reranker: reranker, reader: reader, isStrict: request.isStrict)
    }

    /// Groups of passages in the order of the reranker, where there is one.
    ///
    /// The scores are dealt out anew with the places. A page that took another one's place stays before
    /// it. Bare vector order stays as it is.
    /// - Throws: `RetrievalError.rerankerFailed` in strict requests; else a reranker that gives no
    ///   order is told among what is degraded.
    func reranked(
        _ groups: [HitBuilder.Group], of ranking: PassageRanking, _ request: SearchRequest
    ) async throws -> (PassageRanking, [HitBuilder.Group]) {
        guard let reranking = reranking(ranking, request) else { return (ranking, groups) }
        var ranking = ranking
        switch try await reranking.outcome(groups, for: ranking.query) {
        case .none: return (ranking, groups)
        case .failed(let sentence):
            ranking.degraded.append(sentence)
            return (ranking, groups)
        case .order(let order):
            ranking.reranker = reranking.reranker.name
            for (index, group) in groups.enumerated() {
                ranking.searchRanks[group.match.id] = index + 1
            }
            var moved = groups.map(\.match)
            for (slot, place) in zip(order.sorted(), order) {
                moved[slot] = groups[place].match.scored(groups[slot].match.score)
            }
            let copies = Dictionary(uniqueKeysWithValues: groups.map { ($0.match.id, $0.copies) })
            let order = PassageOrder(ranking.pages, now: ranking.day)
            return (
                ranking,
                order.successorsFirst(moved).map {
                    HitBuilder.Group(match: $0, copies: copies[$0.id] ?? [])
                }
            )
        }
    }

    /// The passages of a ranking in the order of the reranker, where there is one; those that say the
    /// same as another one stay where they are.
    ///
    /// - Throws: as for groups.
    func reranked(
        _ ranking: PassageRanking, _ request: SearchRequest
    ) async throws -> PassageRanking {
        guard let reranking = reranking(ranking, request) else { return ranking }
        let groups = try HitBuilder(reader, paths: paths, request: request).groups(ranking)
        var ranking = ranking
        switch try await reranking.outcome(groups, for: ranking.query) {
        case .none: return ranking
        case .failed(let sentence): ranking.degraded.append(sentence)
        case .order(let order):
            ranking.reranker = reranking.reranker.name
            let places = Dictionary(
                uniqueKeysWithValues: ranking.matches.enumerated().map { ($1.id, $0) })
            let heads = groups.map { group in
                ([group.match.id] + group.copies).compactMap { places[$0] }.min() ?? 0
            }
            let matches = ranking.matches
            for (slot, place) in zip(order.sorted(), order) {
                ranking.matches[heads[slot]] = matches[heads[place]]
                    .scored(matches[heads[slot]].score)
            }
            ranking.matches = PassageOrder(ranking.pages, now: ranking.day)
                .successorsFirst(ranking.matches)
        }
        return ranking
    }
}
