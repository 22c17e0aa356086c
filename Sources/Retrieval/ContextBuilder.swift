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
        var material = ContextMaterial(goal: goal)
        try addPassages(of: reply, to: &material)
        let best = material.procedures.first?.passages.first ?? material.passages.first
        let facts = try facts(for: goal, prefixes: factPrefixes, near: best, now: now)
        material.facts = facts.map(\.fact)
        material.relatedFactCount = facts.count { $0.relevance > 0 }
        material.events = try recentEvents()
        material.degraded = reply.degraded
        material.generation = reply.generation
        return ContextPacker(budget: budget).pack(material)
    }

    private func recentEvents() throws -> [TimelineEvent] {
        var query = TimelineQuery()
        query.limit = Self.eventLimit
        return try reader.events(query)
    }

    /// The best procedures whole, the other hits in their order, and what other passages or pages
    /// have made needless.
    private func addPassages(
        of reply: SearchReply, to material: inout ContextMaterial
    ) throws {
        let found = Set(reply.hits.map(\.path))
        let isReplaced = { (hit: Hit) in hit.supersededBy.map(found.contains) ?? false }
        let hits = reply.hits.filter { !isReplaced($0) }
        var whole: [String] = []
        for hit in hits where ["runbook", "playbook"].contains(hit.kind) {
            guard whole.count < Self.wholeDocuments, !whole.contains(hit.path) else { continue }
            if whole.isEmpty || hit.rank <= Self.secondRankLimit { whole.append(hit.path) }
        }
        for path in whole {
            guard let hit = hits.first(where: { $0.path == path }) else { continue }
            let stored = try reader.passages(ofDocumentAt: path)
            material.procedures.append(
                ContextMaterial.Procedure(
                    passages: stored.map { Context.Passage($0, standingAs: hit) },
                    best: stored.firstIndex { $0.id.rawValue == hit.chunkID } ?? 0))
        }
        let others = hits.filter { !whole.contains($0.path) }
        let byID = Dictionary(uniqueKeysWithValues: others.map { ($0.chunkID, $0) })
        material.passages = try reader.passages(others.map { ChunkID(rawValue: $0.chunkID) })
            .compactMap { passage in
                byID[passage.id.rawValue].map { Context.Passage(passage, standingAs: $0) }
            }
        for hit in reply.hits where isReplaced(hit) {
            material.omitted.append(
                Context.Omission(
                    item: "\(hit.path):\(hit.startLine)-\(hit.endLine)",
                    reason: "superseded by \(hit.supersededBy ?? "")", tokens: hit.tokens))
        }
        for hit in hits {
            for place in hit.alsoAt ?? [] where !whole.contains(place.path) {
                material.omitted.append(
                    Context.Omission(
                        item: "\(place.path):\(place.startLine)-\(place.endLine)",
                        reason: "says the same as \(hit.path):\(hit.startLine)-\(hit.endLine)",
                        tokens: hit.tokens))
            }
        }
    }

    /// The facts of the standing groups and of `prefixes`, those that share words with the goal
    /// and with the best passage first.
    private func facts(
        for goal: String, prefixes: [String], near passage: Context.Passage?, now: Date
    ) throws -> [(fact: Fact, relevance: Int)] {
        let wanted = Set(QueryTerms(goal).terms)
        let nearby = Set(QueryTerms(passage?.breadcrumb ?? "").terms)
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

extension Context.Passage {
    /// A passage of a document of which a hit was found.
    fileprivate init(_ passage: StoredPassage, standingAs hit: Hit) {
        self.init(
            citation: Citation(path: passage.document.path, lines: passage.chunk.lines),
            hash: passage.document.contentHash, title: passage.document.title,
            breadcrumb: passage.chunk.breadcrumb, kind: passage.document.kind, trust: hit.trust,
            freshness: hit.freshness, owner: hit.owner, verifiedAt: hit.verifiedAt,
            reviewBy: hit.reviewBy, isStale: hit.isStale, text: passage.chunk.body)
    }
}
