internal import Documents
internal import Foundation
internal import Store

/// Reads what is needed to show passages that were found.
struct HitBuilder {
    private let reader: MemoryReader
    private let paths: RootedPaths
    private let request: SearchRequest
    /// The memory's own folder, as the memory names it.
    private let memory: String

    /// Passages looked at behind those that are shown, for others that say the same.
    static let foldingDepth = 40

    /// A builder of the hits of a request.
    init(_ reader: MemoryReader, paths: RootedPaths, request: SearchRequest) {
        self.reader = reader
        self.paths = paths
        self.request = request
        memory = paths.stored(
            URL(filePath: reader.databasePath).deletingLastPathComponent().path)
    }

    /// A passage with others that say the same.
    struct Group {
        let match: FusedMatch
        let copies: [ChunkID]
    }

    /// What was found, each with what says the same; one with nothing else in bare vector order.
    ///
    /// Of passages that say the same the first one of the most trusted is shown, and none of a page
    /// whose place another one took, if there is a choice. Events are never put in one: each of
    /// them happened.
    func groups(_ ranking: PassageRanking) throws(StoreError) -> [Group] {
        guard request.mode != .dense else {
            return ranking.matches.map { Group(match: $0, copies: []) }
        }
        let matches = Dictionary(uniqueKeysWithValues: ranking.matches.map { ($0.id, $0) })
        let found = try ranking.sources.prints(of: ranking.matches.map(\.id))
        let cards = try ranking.sources.cards(of: found.map(\.id))
        let event = DocumentKind.event.rawValue
        let prints = found.map { id, print in cards[id]?.kind == event ? nil : print }
        return Folding.groups(of: prints).compactMap { indices in
            var ids = indices.map { found[$0].id }
            guard let match = matches[ids[0]] else { return nil }
            guard ids.count > 1 else { return Group(match: match, copies: []) }
            let standings = ids.map { standing(of: $0, cards[$0], ranking) }
            let best = ids.indices.min { standings[$0] < standings[$1] }
            let shown = ids.remove(at: best ?? 0)
            let channels = matches[shown]?.channels ?? match.channels
            return Group(
                match: FusedMatch(id: shown, score: match.score, channels: channels),
                copies: ids)
        }
    }

    /// The less, the rather a passage is shown than others that say the same.
    private func standing(
        of id: ChunkID, _ card: DocumentCard?, _ ranking: PassageRanking
    ) -> (Int, Int) {
        (
            ranking.pages.successor(of: id) == nil ? 0 : 1,
            card.flatMap { card in
                TrustClass.allCases.firstIndex(of: trust(path: card.path, kind: card.kind))
            } ?? 0
        )
    }

    private func trust(path: String, kind: String) -> TrustClass {
        TrustClass(path: path, kind: kind, memory: memory)
    }

    /// The hits that show some groups; passages that are gone by now are left out.
    func hits(_ groups: [Group], of ranking: PassageRanking) async throws -> [Hit] {
        let read = try reader.passages(groups.flatMap { [$0.match.id] + $0.copies })
        let passages = Dictionary(read.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let groups = groups.filter { passages[$0.match.id] != nil }
        let neighbours =
            request.neighbours > 0
            ? try reader.neighbours(
                of: groups.map(\.match.id), reach: request.neighbours, in: ranking.visible) : [:]
        let half = groups.count / 2
        // Reading files and cutting texts takes longer than all of the above.
        async let behind = hits(groups[half...], of: ranking, passages, neighbours)
        let first = try hits(groups[..<half], of: ranking, passages, neighbours)
        return first + (try await behind)
    }

    private func hits(
        _ groups: ArraySlice<Group>, of ranking: PassageRanking,
        _ passages: [ChunkID: StoredPassage], _ neighbours: [ChunkID: [StoredPlace]]
    ) throws -> [Hit] {
        let order = PassageOrder(ranking.pages, now: ranking.day)
        var staleness: [String: Bool] = [:]
        return try groups.indices.compactMap { index in
            let group = groups[index]
            guard let passage = passages[group.match.id] else { return nil }
            let document = passage.document
            let copies = group.copies.compactMap { passages[$0] }
            let isEvent = document.kind == DocumentKind.event.rawValue
            let isStale =
                try isEvent
                ? isStale(event: passage) : staleness[document.path] ?? isStale(document)
            staleness[document.path] = isStale
            let claims =
                ranking.pages[passage.id]?.claims
                ?? PageClaims(
                    frontMatter: document.frontMatter, path: document.path, facts: ranking.facts)
            let successor = ranking.pages.successor(of: passage.id)
            let body = passage.chunk.body
            return Hit(
                rank: index + 1, searchRank: ranking.searchRanks[passage.id],
                score: group.match.score, chunkID: passage.id.rawValue,
                path: document.path, startLine: passage.chunk.lines.lowerBound,
                endLine: passage.chunk.lines.upperBound, title: document.title,
                breadcrumb: passage.chunk.breadcrumb,
                snippet: Snippet.snippet(
                    of: request.redactor?.redacted(body).text ?? body, for: ranking.parsed.terms),
                hash: document.contentHash, docid: "#" + document.docid,
                collection: document.collection, kind: document.kind,
                freshness: Freshness(
                    claims, isSucceeded: successor != nil, now: ranking.day),
                trust: trust(path: document.path, kind: document.kind),
                owner: claims.owner, verifiedAt: claims.verifiedAt, reviewBy: claims.reviewBy,
                supersededBy: successor?.card.path ?? claims.supersededBy,
                supersedes: ranking.pages.predecessors(of: passage.id), isStale: isStale,
                tokens: passage.chunk.tokens,
                alsoAt: copies.isEmpty ? nil : copies.map(PassagePlace.init),
                neighbours: request.neighbours > 0
                    ? (neighbours[passage.id] ?? []).map(PassagePlace.init) : nil,
                channels: request.explains ? group.match.channels.named : nil,
                ageFactor: request.explains && request.mode != .dense
                    ? order.factor(passage.id) : nil)
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

extension PassagePlace {
    fileprivate init(_ passage: StoredPassage) {
        self.init(
            path: passage.document.path, startLine: passage.chunk.lines.lowerBound,
            endLine: passage.chunk.lines.upperBound, breadcrumb: passage.chunk.breadcrumb)
    }

    fileprivate init(_ place: StoredPlace) {
        self.init(
            path: place.path, startLine: place.lines.lowerBound, endLine: place.lines.upperBound,
            breadcrumb: place.breadcrumb)
    }
}
