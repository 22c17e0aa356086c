public import Documents
public import Store

/// What a planner, or a person, should have read before acting on a goal.
public struct Context: Sendable {
    /// A passage that was found for the goal.
    public struct Passage: Sendable, Equatable {
        /// Where it stands; its lines, as the file has them.
        public let citation: Citation
        /// The SHA-256 of the file when it was indexed.
        public let hash: String
        /// Its document's title.
        public let title: String
        /// Title and headings above it.
        public let breadcrumb: String
        /// Its document's role.
        public let kind: String
        /// How far its origin can be relied on.
        public let trust: TrustClass
        /// What the page says of its own age.
        public let freshness: Freshness
        /// Who answers for its page; nil where that is not told.
        public let owner: String?
        /// When its page was verified, as written; nil where that is not told.
        public let verifiedAt: String?
        /// When its page should be looked at again, as written; nil where that is not told.
        public let reviewBy: String?
        /// Whether the file has changed since it was indexed.
        public let isStale: Bool
        /// Its text as search reads it.
        public let text: String

        /// An estimate of the tokens of `rendered`.
        public var tokens: Int { TokenEstimate.tokens(in: rendered) }
    }

    /// Something that was found and left out.
    public struct Omission: Sendable, Equatable, Codable {
        /// A citation, or `fact` and a key.
        public let item: String
        /// Why, in a few words.
        public let reason: String
        /// An estimate of its tokens.
        public let tokens: Int
    }

    /// What is to be reached.
    public let goal: String
    /// The most tokens that facts, passages and events may have together, as they are rendered.
    public let budget: Int
    /// The tokens they have.
    public let tokens: Int
    /// Facts, the most telling first.
    public let facts: [Fact]
    /// How many of the facts, from the first, share a word with the goal or the best passage.
    public let relatedFactCount: Int
    /// Passages: documents by their best passage, each document's in the order of the file.
    public let passages: [Passage]
    /// What happened lately, the oldest first.
    public let events: [TimelineEvent]
    /// What was left out, and why.
    public let omitted: [Omission]
    /// What fell short, in sentences.
    public let degraded: [String]
    /// The memory's generation.
    public let generation: Int
}
