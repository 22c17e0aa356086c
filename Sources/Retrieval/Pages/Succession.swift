internal import Foundation
internal import Store

/// A document that a search found, with what it says of itself.
struct FoundPage: Sendable, Equatable {
    let card: DocumentCard
    let claims: PageClaims
}

/// Which of some pages took another one's place.
struct Succession: Sendable, Equatable {
    /// The row id of the page that took a page's place, by the row id of that page.
    private(set) var successors: [Int64: Int64] = [:]

    /// Finds who follows whom.
    ///
    /// A page follows another one that names it under `superseded_by`, or that has its title and
    /// kind and was verified on an earlier day.
    /// - Complexity: O(pages · log pages), and O(pages) more for each page that names another one.
    init(_ pages: [FoundPage]) {
        let ordered = pages.sorted { $0.card.path < $1.card.path }
        let dated = ordered.filter { $0.claims.verifiedDay != nil }
        for versions in Dictionary(grouping: dated, by: Title.init).values where versions.count > 1
        {
            let oldestFirst = versions.sorted { Self.day($0) < Self.day($1) }
            for (index, page) in oldestFirst.enumerated() {
                let next = oldestFirst[index...].first { Self.day($0) > Self.day(page) }
                if let next { successors[page.card.rowID] = next.card.rowID }
            }
        }
        for page in ordered {
            guard let name = page.claims.supersededBy else { continue }
            let named = ordered.first {
                $0.card != page.card && Self.names(name, $0.card, page.card)
            }
            if let named { successors[page.card.rowID] = named.card.rowID }
        }
    }

    /// What versions of one page have in common.
    private struct Title: Hashable {
        let text, kind: String

        init(_ page: FoundPage) {
            text = page.card.title.lowercased().split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
            kind = page.card.kind
        }
    }

    private static func day(_ page: FoundPage) -> Date {
        page.claims.verifiedDay?.first ?? .distantPast
    }

    /// Whether a text that stands in `page` names `other`: by its path, its path as seen from the
    /// page's folder, or its title.
    static func names(_ text: String, _ other: DocumentCard, _ page: DocumentCard) -> Bool {
        if text == other.path || text.lowercased() == other.title.lowercased() { return true }
        var parts = page.path.split(separator: "/").dropLast()
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                guard !parts.isEmpty else { return false }
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return other.path.split(separator: "/") == Array(parts)
    }
}
