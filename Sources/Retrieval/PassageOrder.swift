internal import Foundation
package import Store

/// How much a page's score falls with the time since it was verified.
struct AgeDecay: Sendable, Equatable {
    /// The most that is taken off, as a part of the score.
    var limit = 0.1
    /// The age at which the most is taken off.
    var days = 730.0

    /// What the score of a page is multiplied by.
    ///
    /// It is 1 for a page of today, and for one that does not say when it was verified. The age of
    /// its file tells nothing.
    func factor(_ claims: PageClaims, now: Date) -> Double {
        guard let verified = claims.verifiedDay?.first else { return 1 }
        // By whole days, so that a search has the same scores all day.
        let age = (now.timeIntervalSince(verified) / 86_400).rounded(.down)
        return 1 - limit * min(1, max(0, age / days))
    }
}

/// Brings passages that were found into the order in which they are shown.
package struct PassageOrder: Sendable {
    private let documents: [ChunkID: Int64]
    private let factors: [Int64: Double]
    private let successors: [Int64: Int64]

    /// An order for passages of some pages.
    ///
    /// - Parameters:
    ///   - documents: the page of each passage.
    ///   - factors: what the scores of a page's passages are multiplied by, where that is not 1.
    ///   - successors: the page that took a page's place.
    package init(
        documents: [ChunkID: Int64], factors: [Int64: Double], successors: [Int64: Int64]
    ) {
        self.documents = documents
        self.factors = factors
        self.successors = successors
    }

    /// An order for passages of some pages, on a day.
    init(_ pages: FoundPages, now: Date, decay: AgeDecay = AgeDecay()) {
        self.init(
            documents: pages.documents,
            factors: pages.byRow.mapValues { decay.factor($0.claims, now: now) }.filter { $1 != 1 },
            successors: pages.succession.successors)
    }

    /// The passages, best first.
    ///
    /// A page that was verified long ago loses a little of its score; the first `head` passages
    /// stay before the others. The best passage of a page
    /// that took another one's place comes before that one's passages, with their score: what
    /// answers a question in an old page is looked for in the new one.
    /// - Complexity: O(passages · log passages).
    package func ordered(_ matches: [FusedMatch], head: Int) -> [FusedMatch] {
        guard !factors.isEmpty || !successors.isEmpty else { return matches }
        return successorsFirst(
            weighed(matches.prefix(head)) + weighed(matches.dropFirst(head)))
    }

    /// What a passage's score is multiplied by; nil where it stays as it is.
    func factor(_ id: ChunkID) -> Double? { documents[id].flatMap { factors[$0] } }

    private func weighed(_ matches: ArraySlice<FusedMatch>) -> [FusedMatch] {
        guard !factors.isEmpty else { return Array(matches) }
        return matches.map { $0.scored($0.score * (factor($0.id) ?? 1)) }
            .sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
    }

    /// The same passages, where pages that took another one's place come before it.
    func successorsFirst(_ matches: [FusedMatch]) -> [FusedMatch] {
        guard !successors.isEmpty else { return matches }
        let best = Dictionary(
            matches.compactMap { match in documents[match.id].map { ($0, match) } },
            uniquingKeysWith: { first, _ in first })
        var (result, shown, pages): ([FusedMatch], Set<ChunkID>, Set<Int64>) = ([], [], [])
        for match in matches where shown.insert(match.id).inserted {
            var newer: [FusedMatch] = []
            var page = documents[match.id]
            var seen: Set<Int64> = page.map { [$0] } ?? []
            while let next = page.flatMap({ successors[$0] }), seen.insert(next).inserted {
                if let found = best[next], !pages.contains(next) { newer.append(found) }
                page = next
            }
            for found in newer.reversed() where shown.insert(found.id).inserted {
                result.append(found.scored(match.score))
            }
            result.append(match)
            pages.formUnion(seen)
        }
        return result
    }
}

extension FusedMatch {
    /// The same match with another score.
    func scored(_ score: Double) -> FusedMatch {
        FusedMatch(id: id, score: score, channels: channels)
    }
}
