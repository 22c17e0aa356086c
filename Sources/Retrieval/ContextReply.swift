internal import Documents
internal import Store

/// A context in the form that replies have.
public struct ContextReply: Sendable, Codable {
    /// A passage, cited to its lines.
    public struct Passage: Sendable, Codable {
        let path, title, breadcrumb, kind, hash, text: String
        let startLine, endLine, tokens: Int
        let freshness: Freshness
        let trust: TrustClass
        let owner, verifiedAt, reviewBy: String?
        let stale: Bool

        enum CodingKeys: String, CodingKey {
            case path, title, breadcrumb, kind, hash, text, tokens, freshness, trust, owner, stale
            case startLine = "start_line"
            case endLine = "end_line"
            case verifiedAt = "verified_at"
            case reviewBy = "review_by"
        }
    }

    let goal: String
    let budget, tokens, generation: Int
    let facts: [Fact]
    let passages: [Passage]
    let events: [TimelineEvent]
    let omitted: [Context.Omission]
    let degraded: [String]

    /// The reply that shows a context.
    public init(_ context: Context) {
        goal = context.goal
        budget = context.budget
        tokens = context.tokens
        generation = context.generation
        facts = context.facts
        passages = context.passages.map { passage in
            Passage(
                path: passage.citation.path, title: passage.title, breadcrumb: passage.breadcrumb,
                kind: passage.kind, hash: passage.hash, text: passage.text,
                startLine: passage.citation.startLine, endLine: passage.citation.endLine,
                tokens: passage.tokens, freshness: passage.freshness, trust: passage.trust,
                owner: passage.owner, verifiedAt: passage.verifiedAt, reviewBy: passage.reviewBy,
                stale: passage.isStale)
        }
        events = context.events
        omitted = context.omitted
        degraded = context.degraded
    }
}
