public import Documents

/// What to search for, and where.
public struct SearchRequest: Sendable {
    /// How to search.
    public enum Mode: String, Sendable, Codable, CaseIterable {
        /// The best that the memory allows now.
        case auto
        /// Words and meaning, fused.
        case hybrid
        /// Words alone.
        case lexical
        /// Meaning alone: bare vector order.
        case dense
    }

    /// A question, symptom, name or log line.
    public var query: String
    /// What kind of text the query is; nil tells it by its looks.
    public var shape: QueryShape?
    /// The most hits returned.
    public var limit = 10
    /// How to search.
    public var mode = Mode.auto
    /// Groups to look in; none means all.
    public var collections: [String] = []
    /// A shell pattern that paths must match.
    public var pathPattern: String?
    /// The role that documents must have.
    public var kind: String?
    /// What pages must say that they are about: all of these.
    public var tags: [String] = []
    /// Only pages and events of this time or later.
    ///
    /// A page's time is the day it was verified, else updated or written, as it says itself; one
    /// that does not say passes no filter by time.
    public var since: Moment?
    /// Only pages and events of this time or earlier.
    public var until: Moment?
    /// The day to judge by in place of today: what is of a later day is hidden.
    public var asOf: Moment?
    /// How many passages before and behind each hit are told.
    public var neighbours = 0
    /// Whether each channel's part is told.
    public var explains = false
    /// Takes secrets out of passages before a snippet is cut from them; nil leaves them.
    public var redactor: Redactor?
    /// Whether a degradation is an error.
    public var isStrict = false

    /// A search with the defaults.
    public init(_ query: String) {
        self.query = query
    }
}
