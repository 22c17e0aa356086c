internal import Documents
internal import Embedding
public import Foundation
internal import Kernels
public import Store
internal import Vectors

/// Searches one state of a memory.
public struct Searcher: Sendable {
    let reader: MemoryReader
    let paths: RootedPaths
    let reranker: (any Reranker)?
    private let embedder: EmbedderAvailability
    private let vectors: PassageVectors
    private let parameters: RankingParameters

    /// A searcher over a memory.
    ///
    /// - Parameters:
    ///   - reader: the memory's tables.
    ///   - paths: where its files lie.
    ///   - embedder: of queries.
    ///   - vectors: the same memory's; one for many searches.
    ///   - parameters: what the channels are fused by.
    ///   - reranker: reads what was found first, where given.
    public init(
        _ reader: MemoryReader, paths: RootedPaths, embedder: EmbedderAvailability,
        vectors: PassageVectors, parameters: RankingParameters = .shipped,
        reranker: (any Reranker)? = nil
    ) {
        self.reader = reader
        self.paths = paths
        self.embedder = embedder
        self.vectors = vectors
        self.parameters = parameters
        self.reranker = reranker
    }

    /// The arrow index → hit.
    ///
    /// - Parameters:
    ///   - request: what to search for.
    ///   - now: the day that freshness is judged by, where the request names none.
    /// - Returns: the hits, and what a reader must know to judge them.
    /// - Throws: `RetrievalError.emptyQuery`; `.notAnAlert`; `.embedderUnavailable` for dense mode,
    ///   and in strict requests for any degradation; `.rerankerFailed` in these; `StoreError`. No hit
    ///   is not an error.
    @concurrent
    public func search(_ request: SearchRequest, now: Date) async throws -> SearchReply {
        let (ranking, hits) = try await folded(request, now: now)
        return SearchReply(
            query: ranking.query, shape: ranking.candidates.shape, mode: ranking.mode,
            generation: ranking.sources.outline.generation,
            indexedAt: ranking.sources.outline.indexedAt,
            coverage: Coverage(
                chunks: ranking.sources.outline.chunks, embedded: ranking.embedded),
            degraded: ranking.degraded, rerankedBy: ranking.reranker,
            route: request.explains ? route(of: ranking) : nil, hits: hits)
    }

    /// The hits, in which passages that say the same are one; bare vector order stays as it is.
    ///
    /// What folding takes away is made up for by passages that come behind.
    private func folded(
        _ request: SearchRequest, now: Date
    ) async throws -> (PassageRanking, [Hit]) {
        let builder = HitBuilder(reader, paths: paths, request: request)
        var wider = request
        if request.mode != .dense, request.limit > 0 { wider.limit += HitBuilder.foldingDepth }
        while true {
            let ranking = try await ranking(of: wider, now: now)
            let found = try builder.groups(ranking)
            guard found.count < request.limit, ranking.matches.count == wider.limit else {
                let (final, shown) = try await reranked(found, of: ranking, request)
                return (
                    final, try await builder.hits(Array(shown.prefix(request.limit)), of: final)
                )
            }
            wider.limit *= 4
        }
    }

    /// Everything of a search but what is read to show its hits; evaluation looks in here.
    func ranking(of request: SearchRequest, now: Date) async throws -> PassageRanking {
        var degraded: [String] = []
        let (query, parsed) = try request.parsed(noting: &degraded)
        let embedder = try usableEmbedder(request, &degraded)
        // Bare vector order takes the query as it was given.
        let text = request.mode == .dense ? query : parsed.sense
        // Everything that needs no vector is done while the query is embedded.
        let hand = HelpingHand()
        async let vector = Self.vector(of: text, embedder, helpedBy: hand)
        let sources = try SearchSources(reader, vectors)
        var notices: [String] = []
        let known = try meanings(embedder, request, sources, &degraded, &notices)
        let (chunks, embedded) = (sources.outline.chunks, known.first?.index.count ?? 0)
        if !known.isEmpty, embedded < chunks {
            degraded.append(
                "\(chunks - embedded) of \(chunks) passages have no vector yet; "
                    + "run: conductor index")
        }
        if request.isStrict, let first = degraded.first {
            throw RetrievalError.embedderUnavailable(reason: first)
        }
        let day = request.asOf?.last ?? now
        let facts = try PageFacts(reader, now: day, setBefore: request.asOf?.last)
        let (main, last, hidden) = try scopes(of: request, facts, sources.outline)
        var question = Question(
            parsed: parsed, request: request, coverage: HeadingCoverage(of: parsed.sense),
            meanings: known)
        let words = try wordRankings(parsed, request, in: main)
        var early = words
        let others = known.indices.filter { known[$0].role != .main }
        for index in others {
            question.meanings[index].vector = try await Self.vector(of: text, known[index].embedder)
        }
        early += try await meaningRankings(&question, others, in: main, &notices)
        if !known.isEmpty {
            hand.help()
            question.meanings[0].vector = try await vector
        }
        let mode = effectiveMode(request, isDense: !known.isEmpty)
        let unmoved = try await candidates(&question, in: main, sources, early: early, &notices)
        var candidates = unmoved
        var matches = unmoved.fused(with: parameters)
        if let first = RelevanceFeedback.source(in: matches), question.move(towards: first) {
            candidates = try await self.candidates(
                &question, in: main, sources, early: words, &notices)
            matches = candidates.fused(with: parameters)
        }
        var pages = try FoundPages(of: matches.map(\.id), sources, facts: facts, hidden: hidden)
        if request.mode != .dense {
            let head = candidates.headCount(of: matches, with: parameters)
            let lost = try pages.lostSuccessors(reader, in: main)
            if !lost.isEmpty {
                let scope = PassageScope(documents: lost)
                matches += try await self.candidates(&question, in: scope, sources, &notices)
                    .fused(with: parameters).map { $0.scored(0) }
                pages = try FoundPages(
                    of: matches.map(\.id), sources, facts: facts, hidden: hidden)
            }
            matches = PassageOrder(pages, now: day).ordered(matches, head: head)
        }
        if let last, matches.count < request.limit {
            matches += try await self.candidates(&question, in: last, sources, &notices)
                .fused(with: parameters)
        }
        return PassageRanking(
            query: query, parsed: parsed, mode: mode, sources: sources, embedded: embedded,
            degraded: degraded + notices, unmoved: unmoved, candidates: candidates,
            matches: Array(matches.prefix(request.limit)), pages: pages, facts: facts,
            visible: PassageScope(eventsFrom: main.eventsFrom, eventsUntil: main.eventsUntil),
            day: day)
    }

    /// What the channels need to know.
    private struct Question {
        let parsed: ParsedQuery
        let request: SearchRequest
        let coverage: HeadingCoverage
        /// None where words alone are searched.
        var meanings: [Meaning]

        /// Moves what is meant towards the passage that was found first; dense mode is bare vector
        /// order.
        ///
        /// - Returns: whether anything moved. A row that is damaged moves nothing: the next search
        ///   in its index meets it, and mends it.
        mutating func move(towards first: ChunkID) -> Bool {
            guard request.mode != .dense else { return false }
            let key = VectorKey(rawValue: UInt64(bitPattern: first.rawValue))
            var hasMoved = false
            for index in meanings.indices {
                let found: [Float]?
                do {
                    found = try meanings[index].index.row(key)
                } catch {
                    continue
                }
                guard let found else { continue }
                meanings[index].vector = RelevanceFeedback.moved(
                    meanings[index].vector, towards: found)
                hasMoved = true
            }
            return hasMoved
        }
    }

    /// What each channel finds within some documents.
    ///
    /// `early` is what some channels found there, where that is known already.
    private func candidates(
        _ question: inout Question, in scope: PassageScope, _ sources: SearchSources,
        early: [ChannelRanking]? = nil, _ notices: inout [String]
    ) async throws -> Candidates {
        let (parsed, isDense) = (question.parsed, question.request.mode == .dense)
        let early = try early ?? wordRankings(parsed, question.request, in: scope)
        let meanings = question.meanings.map(\.channel)
        let sought = meanings.indices.filter { index in
            !early.contains { $0.channel == meanings[index] }
        }
        let found = try await meaningRankings(&question, sought, in: scope, &notices)
        var rankings = early.filter { !meanings.contains($0.channel) }
        for channel in meanings {
            rankings += (early + found).filter { $0.channel == channel }
        }
        if !isDense {
            rankings.append(try headingRanking(question.coverage, over: rankings, sources))
        }
        return Candidates(shape: parsed.shape, rankings: rankings)
    }

    /// What is nearest to the query in some of the spaces, which are searched side by side.
    private func meaningRankings(
        _ question: inout Question, _ indices: [Int], in scope: PassageScope,
        _ notices: inout [String]
    ) async throws -> [ChannelRanking] {
        let limit = max(Candidates.depth, question.request.limit)
        let meanings = question.meanings
        let last = indices.last
        var found = try await withThrowingTaskGroup(of: (Int, FoundByMeaning).self) { group in
            for index in indices where index != last {
                group.addTask {
                    (index, try foundByMeaning(meanings[index], scope, limit: limit))
                }
            }
            var found: [Int: FoundByMeaning] = [:]
            if let last { found[last] = try foundByMeaning(meanings[last], scope, limit: limit) }
            for try await (index, result) in group { found[index] = result }
            return found
        }
        return indices.compactMap { index in
            guard let result = found.removeValue(forKey: index) else { return nil }
            question.meanings[index].index = result.index
            notices += result.notices
            return ChannelRanking(channel: meanings[index].channel, matches: result.matches)
        }
    }

    /// What the channels of words and names find within some documents; nothing in dense mode.
    private func wordRankings(
        _ parsed: ParsedQuery, _ request: SearchRequest, in scope: PassageScope
    ) throws -> [ChannelRanking] {
        guard request.mode != .dense else { return [] }
        let limit = max(Candidates.depth, request.limit)
        var rankings: [ChannelRanking] = []
        if let text = FullTextQuery(anyOf: parsed.terms) {
            let matches = try reader.lexicalMatches(text, in: scope, limit: limit)
            rankings.append(ChannelRanking(channel: .lexical, matches: matches))
        }
        if parameters[.name, parsed.shape] > 0,
            let matches = try NameChannel(reader: reader).matches(parsed, in: scope, limit: limit)
        {
            rankings.append(ChannelRanking(channel: .name, matches: matches))
        }
        return rankings
    }

    /// A text's vector; none without an embedder.
    private static func vector(
        of text: String, _ embedder: (any Embedder)?, helpedBy hand: HelpingHand = HelpingHand()
    ) async throws -> ArraySlice<Float> {
        guard let embedder else { return [] }
        return try await embedder.embed(text, helpedBy: hand)[0]
    }

    /// The headings of what the other channels found, by how much of them the query holds.
    private func headingRanking(
        _ coverage: HeadingCoverage, over rankings: [ChannelRanking], _ sources: SearchSources
    ) throws -> ChannelRanking {
        let found = Set(rankings.flatMap { $0.matches.prefix(Candidates.depth).map(\.id) })
        let headings = try sources.headings(of: found).map { ($0.key, $0.value.stems) }
        return ChannelRanking(
            channel: .heading, matches: coverage.matches(headings))
    }

    private func route(of ranking: PassageRanking) -> SearchRoute {
        let channels = ranking.candidates.rankings.map(\.channel)
        let shape = ranking.parsed.shape
        return SearchRoute(
            query: ranking.parsed,
            weights: Dictionary(uniqueKeysWithValues: channels.map { ($0, parameters[$0, shape]) }))
    }

    /// The embedder that the request's mode uses; nil where words alone serve.
    private func usableEmbedder(
        _ request: SearchRequest, _ degraded: inout [String]
    ) throws -> (any Embedder)? {
        switch request.mode {
        case .lexical: return nil
        case .dense: return try embedder.required()
        case .auto, .hybrid:
            if case .unavailable(let reason) = embedder {
                degraded.append("searched by words alone: \(reason)")
            }
            return embedder.embedder
        }
    }

    /// The spaces that are searched, the main one first; dense mode is the order of that one alone.
    private func meanings(
        _ main: (any Embedder)?, _ request: SearchRequest, _ sources: SearchSources,
        _ degraded: inout [String], _ notices: inout [String]
    ) throws -> [Meaning] {
        guard let main else { return [] }
        var used: [(VectorRole, any Embedder)] = [(.main, main)]
        if request.mode != .dense {
            if let companion = embedder.companion {
                used.append((.companion, companion))
            } else if let sentence = try embedder.missingCompanion(of: reader) {
                degraded.append(sentence)
            }
        }
        return try used.map { role, embedder in
            let found = try vectors.index(
                reader, for: embedder, role, at: sources.outline.moment)
            notices += found.notices
            return Meaning(role: role, embedder: embedder, index: found.index)
        }.filter { $0.role == .main || $0.index.count > 0 }
    }

    private func effectiveMode(_ request: SearchRequest, isDense: Bool) -> SearchRequest.Mode {
        switch request.mode {
        case .lexical, .dense: request.mode
        case .auto, .hybrid: isDense ? .hybrid : .lexical
        }
    }

    /// Where to look, where to look next if that gives too few hits, and the pages that did not
    /// exist yet on the day that is judged by.
    ///
    /// Events are looked at last, unless they are asked for; dense mode is bare vector order.
    private func scopes(
        of request: SearchRequest, _ facts: PageFacts, _ outline: MemoryOutline
    ) throws -> (main: PassageScope, last: PassageScope?, hidden: [DocumentCard]) {
        let filter = DocumentFilter(request)
        let event = DocumentKind.event.rawValue
        if filter.isOpen, request.mode == .dense || !outline.hasEvents {
            return (PassageScope(), nil, [])
        }
        let summaries = try reader.documentSummaries()
        var passing = summaries.filter(filter.passes)
        var hidden: [DocumentCard] = []
        if filter.looksAtClaims {
            var rows: Set<Int64> = []
            for card in try reader.documentCards() {
                let claims = PageClaims(
                    frontMatter: card.frontMatter, path: card.path, facts: facts)
                if filter.passes(claims, isTimeline: card.kind == event) { rows.insert(card.rowID) }
                if filter.isLater(claims) { hidden.append(card) }
            }
            passing.removeAll { !rows.contains($0.rowID) }
        }
        let events = passing.filter { $0.kind == event }
        guard request.mode != .dense, request.kind != event, !events.isEmpty else {
            let isWhole = passing.count == summaries.count
            return (filter.scope(isWhole ? nil : passing.map(\.rowID)), nil, hidden)
        }
        return (
            filter.scope(passing.filter { $0.kind != event }.map(\.rowID)),
            filter.scope(events.map(\.rowID)), hidden
        )
    }

    /// What is near, and the index that it was found in, which may have been mended.
    private struct FoundByMeaning: Sendable {
        let matches: [ScoredChunk]
        let index: VectorIndex
        var notices: [String] = []
    }

    private func foundByMeaning(
        _ meaning: Meaning, _ scope: PassageScope, limit: Int
    ) throws -> FoundByMeaning {
        do {
            return FoundByMeaning(
                matches: try meaning.nearest(reader, in: scope, limit: limit), index: meaning.index)
        } catch IndexError.damaged {
            let mended = try vectors.mended(reader, for: meaning.embedder, meaning.role)
            var meaning = meaning
            meaning.index = mended.index
            return FoundByMeaning(
                matches: try meaning.nearest(reader, in: scope, limit: limit), index: mended.index,
                notices: mended.notices)
        }
    }
}
