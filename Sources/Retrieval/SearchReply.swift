/// The answer to a search, with everything a reader needs to judge it.
public struct SearchReply: Sendable, Codable {
    /// The query as it was searched.
    public var query: String
    /// What kind of text the query is.
    public var shape: QueryShape
    /// How it was searched, after any degradation.
    public var mode: SearchRequest.Mode
    /// The memory's generation.
    public var generation: Int
    /// When a document was last indexed, in UTC; absent while there is none.
    public var indexedAt: String?
    /// How much the dense channel could see.
    public var coverage: Coverage
    /// What fell short, in sentences; empty when nothing did.
    public var degraded: [String]
    /// The model that read the first hits and put them in this order; absent where none did.
    public var rerankedBy: String?
    /// What each channel searched for, where asked for.
    public var route: SearchRoute?
    /// The passages, best first.
    public var hits: [Hit]

    enum CodingKeys: String, CodingKey {
        case query, shape, mode, generation, coverage, degraded, route, hits
        case indexedAt = "indexed_at"
        case rerankedBy = "reranked_by"
    }
}

/// How a query was searched: what it was taken apart into, and what each channel counted.
public struct SearchRoute: Sendable, Codable {
    /// The query's parts.
    public var query: ParsedQuery
    /// The weight of each channel that took part.
    public var weights: [SearchChannel: Double]
}

/// A passage that was found, cited to its lines.
public struct Hit: Sendable, Codable {
    /// Its place, from 1.
    public var rank: Int
    /// Its place before a model put the hits in another order; absent where none did.
    public var searchRank: Int?
    /// Greater is nearer; comparable within one reply only.
    public var score: Double
    /// The passage's id, which is its id in exported indexes too.
    public var chunkID: Int64
    /// Its file: relative to the root when below it, else absolute.
    public var path: String
    /// Its first line, from 1.
    public var startLine: Int
    /// Its last line.
    public var endLine: Int
    /// Its document's title.
    public var title: String
    /// Title and headings above it.
    public var breadcrumb: String
    /// The lines of it that answer best.
    public var snippet: String
    /// The SHA-256 of the file when it was indexed.
    public var hash: String
    /// The document's short name, for `get`.
    public var docid: String
    /// The group it was indexed under.
    public var collection: String
    /// Its document's role.
    public var kind: String
    /// What the page says of its own age.
    public var freshness: Freshness
    /// How far its origin can be relied on.
    public var trust: TrustClass
    /// Who answers for its page; absent where that is not told.
    public var owner: String?
    /// When its page was verified, as written; absent where that is not told.
    public var verifiedAt: String?
    /// When its page should be looked at again, as written; absent where that is not told.
    public var reviewBy: String?
    /// The page that took its page's place: a path where it was found too, else as written.
    public var supersededBy: String?
    /// Pages that were found and whose place its page took, where there are any.
    ///
    /// It stands before them with the score of the best of them.
    public var supersedes: [String]?
    /// Whether the file has changed, or gone, since it was indexed.
    public var isStale: Bool
    /// An estimate of its tokens.
    public var tokens: Int
    /// Other places that say the same, where there are any.
    public var alsoAt: [PassagePlace]?
    /// The passages before and behind it in its file, where asked for.
    public var neighbours: [PassagePlace]?
    /// Each channel's part, where asked for.
    public var channels: [String: ChannelScore]?
    /// What the score was multiplied by for the time since the page was verified, where asked for.
    public var ageFactor: Double?

    enum CodingKeys: String, CodingKey {
        case rank, score, path, title, breadcrumb, snippet, hash, docid, collection, kind
        case freshness, tokens, channels, trust, owner, neighbours, supersedes
        case searchRank = "search_rank"
        case chunkID = "chunk_id"
        case startLine = "start_line"
        case endLine = "end_line"
        case isStale = "stale"
        case verifiedAt = "verified_at"
        case reviewBy = "review_by"
        case supersededBy = "superseded_by"
        case alsoAt = "also_at"
        case ageFactor = "age_factor"
    }
}

/// Where a passage stands, without its text.
public struct PassagePlace: Sendable, Equatable, Codable {
    /// Its file, as hits name it.
    public let path: String
    /// Its first line, from 1.
    public let startLine: Int
    /// Its last line.
    public let endLine: Int
    /// Title and headings above it.
    public let breadcrumb: String

    enum CodingKeys: String, CodingKey {
        case path, breadcrumb
        case startLine = "start_line"
        case endLine = "end_line"
    }
}
