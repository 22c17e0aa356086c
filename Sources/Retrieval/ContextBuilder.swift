internal import Documents
public import Foundation
public import Store

/// Gathers what a goal needs: facts first, then the runbooks that answer it whole.
public struct ContextBuilder: Sendable {
    private let reader: MemoryReader
    private let searcher: Searcher

    /// Hits looked at.
    private static let hitLimit = 24
    /// Events looked at.
    private static let eventLimit = 10
    /// Procedures that are taken whole.
    private static let wholeDocuments = 2
    /// A second procedure must have a hit among this many to be taken whole.
    private static let secondRankLimit = 4
    /// The first part of the keys that every context looks at, singular and plural.
    private static let factGroups: Set<String> = [
        "account", "accounts", "budget", "budgets", "endpoint", "endpoints", "owner", "owners",
    ]

    /// A builder over a memory.
    public init(
        _ reader: MemoryReader, paths: RootedPaths, embedder: EmbedderAvailability,
        vectors: PassageVectors
    ) {
        self.reader = reader
        searcher = Searcher(reader, paths: paths, embedder: embedder, vectors: vectors)
    }

    /// The context of a goal.
    ///
    /// - Parameters:
    ///   - goal: what is to be reached.
    ///   - budget: the most tokens.
    ///   - factPrefixes: further keys to load, besides accounts, budgets, endpoints and owners.
    ///   - now: the day that freshness is judged by.
    /// - Returns: what fits the budget, and what does not.
    /// - Throws: `RetrievalError.emptyQuery`, `StoreError`. Finding nothing is not an error.
    public func context(
        for goal: String, budget: Int, factPrefixes: [String] = [], now: Date
    ) async throws -> Context {
        var request = SearchRequest(goal)
        request.limit = Self.hitLimit
        let reply = try await searcher.search(request, now: now)
        let passages = try passages(of: reply, now: now)
        let facts = try facts(
            for: goal, prefixes: factPrefixes, passages: passages, now: now)
        return ContextPacker(budget: budget).pack(
            goal: goal, facts: facts.map(\.fact),
            relatedFactCount: facts.count { $0.relevance > 0 }, events: try recentEvents(),
            passages: passages,
            degraded: reply.degraded,
            generation: reply.generation)
    }

    private func recentEvents() throws -> [TimelineEvent] {
        var query = TimelineQuery()
        query.limit = Self.eventLimit
        return try reader.events(query)
    }

    /// The best procedures whole, then the other hits in their order.
    private func passages(of reply: SearchReply, now: Date) throws -> [Context.Passage] {
        let ids = reply.hits.map { ChunkID(rawValue: $0.chunkID) }
        let stale = Dictionary(
            reply.hits.map { ($0.path, $0.isStale) }, uniquingKeysWith: { first, _ in first })
        var whole: [String] = []
        for hit in reply.hits where ["runbook", "playbook"].contains(hit.kind) {
            guard whole.count < Self.wholeDocuments, !whole.contains(hit.path) else { continue }
            if whole.isEmpty || hit.rank <= Self.secondRankLimit { whole.append(hit.path) }
        }
        var stored: [StoredPassage] = []
        for path in whole { stored += try reader.passages(ofDocumentAt: path) }
        stored += try reader.passages(ids).filter { !whole.contains($0.document.path) }
        return stored.map { passage in
            Context.Passage(
                citation: Citation(path: passage.document.path, lines: passage.chunk.lines),
                hash: passage.document.contentHash, title: passage.document.title,
                breadcrumb: passage.chunk.breadcrumb, kind: passage.document.kind,
                freshness: Freshness(frontMatter: passage.document.frontMatter, now: now),
                isStale: stale[passage.document.path] ?? false, text: passage.chunk.body,
                tokens: passage.chunk.tokens)
        }
    }

    /// The facts of the standing groups and of `prefixes`, those that share words with the goal
    /// and with the best passage first.
    private func facts(
        for goal: String, prefixes: [String], passages: [Context.Passage], now: Date
    ) throws -> [(fact: Fact, relevance: Int)] {
        let wanted = Set(QueryTerms(goal).terms)
        let nearby = Set(QueryTerms(passages.first?.breadcrumb ?? "").terms)
        func relevance(_ fact: Fact) -> Int {
            let words = Set(QueryTerms(fact.key).terms)
            return 2 * words.intersection(wanted).count + words.intersection(nearby).count
        }
        return try reader.facts(now: now).filter { fact in
            let group = fact.key.prefix { $0.isLetter }
            return Self.factGroups.contains(group.lowercased())
                || prefixes.contains { fact.key.hasPrefix($0) }
        }.map { (fact: $0, relevance: relevance($0)) }
            .sorted { left, right in
                left.relevance != right.relevance
                    ? left.relevance > right.relevance : left.fact.key < right.fact.key
            }
    }
}
