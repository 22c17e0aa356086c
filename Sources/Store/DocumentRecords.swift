/// The id of a passage: never used twice, and its name in exported indexes.
public struct ChunkID: RawRepresentable, Hashable, Sendable, Codable, Comparable {
    /// The row id, from 1.
    public let rawValue: Int64

    /// Takes an id as it was stored.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Older ids come first.
    public static func < (left: ChunkID, right: ChunkID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What the memory keeps of a document.
public struct DocumentRecord: Sendable, Equatable {
    /// Relative to the root when below it, else absolute.
    ///
    /// Unique.
    public let path: String
    /// The short stable name that `get '#docid'` takes.
    public let docid: String
    /// The group it was indexed under.
    public let collection: String
    /// Its role, such as `runbook`.
    public let kind: String
    /// Its title.
    public let title: String
    /// The SHA-256 of its bytes.
    public let contentHash: String
    /// The version of the rules it was cut by.
    public let chunker: String
    /// What its front matter says, as canonical JSON; `{}` where it has none.
    public let frontMatter: String
    /// When it was indexed, in UTC.
    public let indexedAt: String

    /// A record, field by field.
    public init(
        path: String, docid: String, collection: String, kind: String, title: String,
        contentHash: String, chunker: String, frontMatter: String, indexedAt: String
    ) {
        self.path = path
        self.docid = docid
        self.collection = collection
        self.kind = kind
        self.title = title
        self.contentHash = contentHash
        self.chunker = chunker
        self.frontMatter = frontMatter
        self.indexedAt = indexedAt
    }
}

/// What the memory keeps of a passage.
public struct ChunkRecord: Sendable, Equatable {
    /// The lines it covers, 1-based.
    public let lines: ClosedRange<Int>
    /// The bytes it covers.
    public let bytes: Range<Int>
    /// Title and headings above it.
    public let breadcrumb: String
    /// Its text as search reads it.
    public let body: String
    /// Its identifiers, split into words.
    public let identifiers: String
    /// An estimate of its tokens.
    public let tokens: Int
    /// Names the exact text that is embedded; equal texts share a vector.
    public let embeddingKey: String

    /// A record, field by field.
    public init(
        lines: ClosedRange<Int>, bytes: Range<Int>, breadcrumb: String, body: String,
        identifiers: String, tokens: Int, embeddingKey: String
    ) {
        self.lines = lines
        self.bytes = bytes
        self.breadcrumb = breadcrumb
        self.body = body
        self.identifiers = identifiers
        self.tokens = tokens
        self.embeddingKey = embeddingKey
    }
}

/// How one document's passages changed.
public struct ChunkChanges: Sendable, Equatable {
    /// Passages that are new.
    public var added = 0
    /// Passages that are gone.
    public var removed = 0
    /// Passages whose text was known; they keep their ids.
    public var reused = 0
}
