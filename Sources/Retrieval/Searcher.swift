internal import Documents
internal import Embedding
public import Foundation
internal import Kernels
public import Store
internal import Vectors

/// Searches one state of a memory.
public struct Searcher: Sendable {
    private let reader: MemoryReader
    private let paths: RootedPaths
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
    public init(
        _ reader: MemoryReader, paths: RootedPaths, embedder: EmbedderAvailability,
        vectors: PassageVectors, parameters: RankingParameters = .shipped
    ) {
        self.reader = reader
        self.paths = paths
        self.embedder = embedder
        self.vectors = vectors
        self.parameters = parameters
    }

    /// The arrow index → hit.
    ///
    /// - Parameters:
    ///   - request: what to search for.
    ///   - now: the day that freshness is judged by.
    /// - Returns: the hits, and what a reader must know to judge them.
    /// - Throws: `RetrievalError.emptyQuery`; `.notAnAlert`; `.embedderUnavailable` for dense mode,
    ///   and in strict requests for any degradation; `StoreError`. No hit is not an error.
    @concurrent
    public func search(_ request: SearchRequest, now: Date) async throws -> SearchReply {
        let ranking = try await ranking(of: request)
        return SearchReply(
            query: ranking.query, shape: ranking.candidates.shape, mode: ranking.mode,
            generation: ranking.figures.generation, indexedAt: ranking.figures.indexedAt,
            coverage: Coverage(
                chunks: ranking.figures.chunks, embedded: ranking.figures.embedded),
            degraded: ranking.degraded, route: request.explains ? route(of: ranking) : nil,
            hits: try hits(ranking.matches, ranking.parsed.terms, request, now: now))
    }

    /// Everything of a search but what is read to show its hits; evaluation looks in here.
    func ranking(of request: SearchRequest) async throws -> PassageRanking {
        var degraded: [String] = []
        let (query, parsed) = try request.parsed(noting: &degraded)
        var figures = try reader.figures(fingerprint: nil)
        var notices: [String] = []
        var meanings = try meanings(request, &degraded, &notices)
        figures = figures.withEmbedded(meanings.first?.index.count ?? 0)
        if let main = meanings.first, main.index.count < figures.chunks {
            let missing = figures.chunks - figures.embedded
            degraded.append(
                "\(missing) of \(figures.chunks) passages have no vector yet; "
                    + "run: conductor index")
        }
        if request.isStrict, let first = degraded.first {
            throw RetrievalError.embedderUnavailable(reason: first)
        }
        for index in meanings.indices {
            // Bare vector order takes the query as it was given.
            let text = request.mode == .dense ? query : parsed.sense
            let rows = try await meanings[index].embedder.embed([text], longTexts: .windows)
            meanings[index].vector = rows[0]
        }
        let mode = effectiveMode(request, isDense: !meanings.isEmpty)
        var question = Question(parsed: parsed, request: request, meanings: meanings)
        let (main, last) = try scopes(of: request)
        let candidates = try candidates(&question, in: main, &notices)
        var matches = candidates.fused(with: parameters)
        if let last, matches.count < request.limit {
            matches += try self.candidates(&question, in: last, &notices).fused(with: parameters)
        }
        return PassageRanking(
            query: query, parsed: parsed, mode: mode, figures: figures,
            degraded: degraded + notices, candidates: candidates,
            matches: Array(matches.prefix(request.limit)))
    }

    /// What the channels need to know.
    private struct Question {
        let parsed: ParsedQuery
        let request: SearchRequest
        /// None where words alone are searched.
        var meanings: [Meaning]
    }

    /// The query as a vector of one space, and what it is held against.
    private struct Meaning {
        let role: VectorRole
        let embedder: any Embedder
        var index: VectorIndex
        var vector: ArraySlice<Float> = []

        var channel: SearchChannel { role == .main ? .dense : .staticDense }
    }

    /// What each channel finds within some documents.
    private func candidates(
        _ question: inout Question, in documents: [Int64]?, _ notices: inout [String]
    ) throws -> Candidates {
        let limit = max(Candidates.depth, question.request.limit)
        let (parsed, isDense) = (question.parsed, question.request.mode == .dense)
        var rankings: [ChannelRanking] = []
        if !isDense, let text = FullTextQuery(anyOf: parsed.terms) {
            let matches = try reader.lexicalMatches(text, documents: documents, limit: limit)
            rankings.append(ChannelRanking(channel: .lexical, matches: matches))
        }
        if !isDense, parameters[.name, parsed.shape] > 0, let names = NameQuery(parsed.names) {
            let matches = try reader.nameMatches(names, documents: documents, limit: limit)
            rankings.append(ChannelRanking(channel: .name, matches: matches))
        }
        for index in question.meanings.indices {
            let matches = try denseMatches(
                &question.meanings[index], documents, limit: limit, &notices)
            rankings.append(
                ChannelRanking(channel: question.meanings[index].channel, matches: matches))
        }
        if !isDense { rankings.append(try headingRanking(parsed.sense, over: rankings)) }
        return Candidates(shape: parsed.shape, rankings: rankings)
    }

    /// The headings of what the other channels found, by how much of them the query holds.
    private func headingRanking(
        _ query: String, over rankings: [ChannelRanking]
    ) throws -> ChannelRanking {
        let found = Set(rankings.flatMap { $0.matches.prefix(Candidates.depth).map(\.id) })
        let headings = try reader.breadcrumbs(of: found.sorted())
        return ChannelRanking(
            channel: .heading, matches: HeadingCoverage(of: query).matches(headings))
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
        _ request: SearchRequest, _ degraded: inout [String], _ notices: inout [String]
    ) throws -> [Meaning] {
        guard let main = try usableEmbedder(request, &degraded) else { return [] }
        var used: [(VectorRole, any Embedder)] = [(.main, main)]
        if request.mode != .dense {
            if let companion = embedder.companion {
                used.append((.companion, companion))
            } else if let known = try reader.meta(VectorRole.companion.metaName) {
                let name = EmbedderFingerprint(rawValue: known).embedderID
                degraded.append("searched without the vectors of \(name): it is not installed")
            }
        }
        return try used.map { role, embedder in
            let found = try vectors.index(reader, for: embedder, role)
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

    /// The row ids of the documents to look in, and of those to look in where these give too few
    /// hits; nil for all.
    ///
    /// Events are looked at last, unless they are asked for; dense mode is bare vector order.
    private func scopes(of request: SearchRequest) throws -> (main: [Int64]?, last: [Int64]?) {
        let summaries = try reader.documentSummaries()
        let pattern = request.pathPattern.map(GlobPattern.init)
        let passing = summaries.filter { document in
            (request.collections.isEmpty || request.collections.contains(document.collection))
                && (request.kind.map { $0 == document.kind } ?? true)
                && (pattern.map { $0.matches(document.path) } ?? true)
        }
        let event = DocumentKind.event.rawValue
        let events = passing.filter { $0.kind == event }
        guard request.mode != .dense, request.kind != event, !events.isEmpty else {
            return (passing.count == summaries.count ? nil : passing.map(\.rowID), nil)
        }
        return (passing.filter { $0.kind != event }.map(\.rowID), events.map(\.rowID))
    }

    private func denseMatches(
        _ meaning: inout Meaning, _ documents: [Int64]?, limit: Int, _ notices: inout [String]
    ) throws -> [ScoredChunk] {
        let matches: [VectorMatch<VectorKey>]
        do {
            matches = try nearest(meaning, documents, limit: limit)
        } catch IndexError.damaged {
            let mended = try vectors.mended(reader, for: meaning.embedder, meaning.role)
            meaning.index = mended.index
            notices += mended.notices
            matches = try nearest(meaning, documents, limit: limit)
        }
        return matches.map { match in
            ScoredChunk(
                id: ChunkID(rawValue: Int64(bitPattern: match.key.rawValue)),
                score: Double(match.score))
        }
    }

    private func nearest(
        _ meaning: Meaning, _ documents: [Int64]?, limit: Int
    ) throws -> [VectorMatch<VectorKey>] {
        let filter = try documents.map { documents in
            meaning.index.filter(
                keys: try reader.chunkIDs(ofDocuments: documents).map {
                    VectorKey(rawValue: UInt64(bitPattern: $0.rawValue))
                })
        }
        return try meaning.index.search(meaning.vector, limit: limit, filter: filter)
    }

    private func hits(
        _ matches: [FusedMatch], _ terms: [String], _ request: SearchRequest, now: Date
    ) throws -> [Hit] {
        let passages = try reader.passages(matches.map(\.id))
        let scores = Dictionary(uniqueKeysWithValues: matches.map { ($0.id, $0) })
        var staleness: [String: Bool] = [:]
        return try passages.enumerated().map { index, passage in
            let document = passage.document
            let isEvent = document.kind == DocumentKind.event.rawValue
            let isStale =
                try isEvent
                ? isStale(event: passage) : staleness[document.path] ?? isStale(document)
            staleness[document.path] = isStale
            let match = scores[passage.id]
            let channels = request.explains ? match?.channels : nil
            let body = passage.chunk.body
            return Hit(
                rank: index + 1, score: match?.score ?? 0, chunkID: passage.id.rawValue,
                path: document.path, startLine: passage.chunk.lines.lowerBound,
                endLine: passage.chunk.lines.upperBound, title: document.title,
                breadcrumb: passage.chunk.breadcrumb,
                snippet: Snippet.snippet(
                    of: request.redactor?.redacted(body).text ?? body, for: terms),
                hash: document.contentHash, docid: "#" + document.docid,
                collection: document.collection, kind: document.kind,
                freshness: Freshness(frontMatter: document.frontMatter, now: now),
                isStale: isStale, tokens: passage.chunk.tokens,
                channels: channels.map { channels in
                    Dictionary(uniqueKeysWithValues: channels.map { ($0.rawValue, $1) })
                })
        }
    }

    /// Whether the event's line now says something else; the file itself grows with every event.
    private func isStale(event: StoredPassage) throws -> Bool {
        let line = event.chunk.lines.lowerBound
        let request = ExcerptRequest(target: event.document.path, lines: line...line)
        do {
            let excerpt = try FileExcerpt.read(request, paths: paths, reader: nil)
            return TimelineEvent(line: excerpt.text)?.text != event.chunk.body
        } catch is RetrievalError {
            return true
        } catch is DocumentError {
            return true
        }
    }

    private func isStale(_ document: DocumentRecord) -> Bool {
        do {
            let bytes = try DocumentReader().bytes(of: paths.location(of: document.path))
            return ContentHash(of: bytes).rawValue != document.contentHash
        } catch {
            return true
        }
    }
}
