internal import Foundation
internal import Store

/// The pages that some passages stand in, with what they say of themselves.
struct FoundPages: Sendable {
    /// The document of each passage.
    let documents: [ChunkID: Int64]
    /// Those that say something which bears on a place in the order, by row id.
    let byRow: [Int64: FoundPage]
    /// Which of them took another one's place.
    let succession: Succession

    /// Looks the pages of passages up.
    ///
    /// - Parameters:
    ///   - ids: the passages.
    ///   - sources: the memory, and what is known of it.
    ///   - facts: what facts say of pages.
    ///   - hidden: pages that did not exist yet on the day that is judged by; none follows them.
    /// - Throws: `StoreError`.
    init(
        of ids: [ChunkID], _ sources: SearchSources, facts: PageFacts, hidden: [DocumentCard]
    ) throws(StoreError) {
        documents = try sources.headings(of: ids).mapValues(\.document)
        let found = try sources.pages(Set(documents.values))
        func told(_ pages: [FoundPage]) -> [FoundPage] {
            let ordered = pages.sorted { $0.card.path < $1.card.path }
            guard !facts.isEmpty || !hidden.isEmpty else { return ordered }
            return ordered.map { FoundPage($0.card, facts: facts, hidden: hidden) }
        }
        var pages = told(
            found.values.filter { facts.tellDates || $0.card.frontMatter != "{}" })
        // A page that took another one's place may say nothing itself.
        if !facts.tellDates, pages.contains(where: { $0.claims.supersededBy != nil }) {
            pages = told(Array(found.values))
        }
        byRow = Dictionary(uniqueKeysWithValues: pages.map { ($0.card.rowID, $0) })
        succession = Succession(pages)
    }

    /// The row ids of pages that others name as their successors, and that were not found
    /// themselves.
    ///
    /// - Complexity: O(documents) where a page that was found names such a one, else O(pages).
    func lostSuccessors(
        _ reader: MemoryReader, in scope: PassageScope
    ) throws(StoreError) -> [Int64] {
        let orphans = byRow.values.filter { page in
            page.claims.supersededBy != nil && succession.successors[page.card.rowID] == nil
        }
        guard !orphans.isEmpty else { return [] }
        let places = scope.documents.map(Set.init)
        return try reader.documentCards().filter { card in
            byRow[card.rowID] == nil && places?.contains(card.rowID) ?? true
                && orphans.contains { page in
                    Succession.names(page.claims.supersededBy ?? "", card, page.card)
                }
        }.map(\.rowID)
    }

    /// The page of a passage; nil where it is gone.
    subscript(id: ChunkID) -> FoundPage? {
        documents[id].flatMap { byRow[$0] }
    }

    /// The paths of found pages whose place a passage's page took; nil where there is none.
    func predecessors(of id: ChunkID) -> [String]? {
        guard let page = documents[id] else { return nil }
        let older = succession.successors.filter { $0.value == page }.keys
        return older.isEmpty ? nil : older.compactMap { byRow[$0]?.card.path }.sorted()
    }

    /// The page that took the place of a passage's page, of those that were found.
    func successor(of id: ChunkID) -> FoundPage? {
        documents[id].flatMap { succession.successors[$0] }.flatMap { byRow[$0] }
    }
}

extension FoundPage {
    fileprivate init(_ card: DocumentCard, facts: PageFacts, hidden: [DocumentCard]) {
        var claims = PageClaims(frontMatter: card.frontMatter, path: card.path, facts: facts)
        if let name = claims.supersededBy,
            hidden.contains(where: { Succession.names(name, $0, card) })
        {
            claims.supersededBy = nil
        }
        self.init(card: card, claims: claims)
    }
}
