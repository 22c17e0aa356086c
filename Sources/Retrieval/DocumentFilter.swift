internal import Documents
internal import Foundation
internal import Store

/// Which documents a search looks in; pure.
struct DocumentFilter: Sendable {
    private let collections: [String]
    private let kind: String?
    private let pattern: GlobPattern?
    private let tags: Set<String>
    private let since: Moment?
    private let until: Moment?
    private let asOf: Moment?

    /// The filter of a request.
    init(_ request: SearchRequest) {
        collections = request.collections
        kind = request.kind
        pattern = request.pathPattern.map(GlobPattern.init)
        tags = Set(request.tags.map { $0.lowercased() })
        (since, until, asOf) = (request.since, request.until, request.asOf)
    }

    /// Whether every document passes.
    var isOpen: Bool {
        collections.isEmpty && kind == nil && pattern == nil && !looksAtClaims
    }

    /// Whether it must know what pages say of themselves.
    var looksAtClaims: Bool { !tags.isEmpty || since != nil || until != nil || asOf != nil }

    /// The scope of some of the documents, in which events are kept to the same times.
    func scope(_ documents: [Int64]?) -> PassageScope {
        let ends = [until, asOf].compactMap { $0?.last }
        return PassageScope(
            documents: documents, eventsFrom: since?.first, eventsUntil: ends.min())
    }

    /// Whether a document is looked in, by its place.
    func passes(_ document: DocumentSummary) -> Bool {
        (collections.isEmpty || collections.contains(document.collection))
            && (kind.map { $0 == document.kind } ?? true)
            && (pattern.map { $0.matches(document.path) } ?? true)
    }

    /// Whether a page is looked in, by what it says of itself.
    ///
    /// The timeline is one document: its events are looked at one by one, and have no tags.
    func passes(_ claims: PageClaims, isTimeline: Bool) -> Bool {
        guard tags.isSubset(of: claims.tags) else { return false }
        guard !isTimeline else { return true }
        guard !isLater(claims) else { return false }
        guard since != nil || until != nil else { return true }
        guard let day = claims.day else { return false }
        return (since.map { day.last >= $0.first } ?? true)
            && (until.map { day.first <= $0.last } ?? true)
    }

    /// Whether a page says that it is of a later day than the one that is judged by.
    func isLater(_ claims: PageClaims) -> Bool {
        guard let asOf, let day = claims.day else { return false }
        return day.first > asOf.last
    }
}
