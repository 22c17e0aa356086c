internal import Foundation
internal import Store

/// What a search found, before anything is read to show it.
struct PassageRanking: Sendable {
    /// The query as it was searched.
    let query: String
    /// What it was taken apart into.
    let parsed: ParsedQuery
    /// How it was searched, after any degradation.
    let mode: SearchRequest.Mode
    /// The memory's state, and what earlier searches learnt of it.
    let sources: SearchSources
    /// Passages that have a vector.
    let embedded: Int
    /// What fell short, in sentences.
    var degraded: [String]
    /// What each channel found by the query as it was given, where a search looks first.
    let unmoved: Candidates
    /// The same once what is meant has moved towards the passage that was found first.
    let candidates: Candidates
    /// The passages, best first, no more than were asked for.
    var matches: [FusedMatch]
    /// The pages that they stand in.
    let pages: FoundPages
    /// What facts say of pages.
    let facts: PageFacts
    /// What of their documents may be shown.
    let visible: PassageScope
    /// The day that was judged by.
    let day: Date
    /// The name of who has read what was found first, and put it in this order.
    var reranker: String?
    /// The places that passages had before.
    var searchRanks: [ChunkID: Int] = [:]
}
