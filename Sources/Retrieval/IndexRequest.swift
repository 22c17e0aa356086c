public import Documents

/// What to index.
public struct IndexRequest: Sendable {
    /// Files and folders; none means every known root and the built-in ones.
    public var paths: [String]
    /// The group of the documents; nil takes the path's last component.
    public var collection: String?
    /// Whether only to tell what would change.
    public var isDryRun: Bool

    /// A request; by default for everything that is known.
    public init(paths: [String] = [], collection: String? = nil, isDryRun: Bool = false) {
        self.paths = paths
        self.collection = collection
        self.isDryRun = isDryRun
    }
}

/// What indexing did, or would do.
public struct IndexReport: Sendable, Equatable, Codable {
    /// Numbers of documents.
    public struct DocumentCounts: Sendable, Equatable, Codable {
        /// New ones.
        public var added = 0
        /// Known ones whose bytes, collection or cutting rules changed.
        public var changed = 0
        /// Known ones that are gone.
        public var removed = 0
        /// Known ones that stayed the same.
        public var unchanged = 0
        /// Files that should have been read but could not be; known ones keep their old passages.
        public var failed = 0
    }

    /// Numbers of passages.
    public struct ChunkCounts: Sendable, Equatable, Codable {
        /// New ones.
        public var added = 0
        /// Ones that are gone.
        public var removed = 0
        /// Ones that stayed.
        public var reused = 0
    }

    /// The memory's generation afterwards.
    public var generation = 0
    /// What happened to documents.
    public var documents = DocumentCounts()
    /// What happened to passages.
    public var chunks = ChunkCounts()
    /// Passages, and how many of them have a vector.
    public var coverage = Coverage(chunks: 0, embedded: 0)
    /// What fell short, in sentences; empty when nothing did.
    public var degraded: [String] = []
    /// What was skipped, repaired or doubtful.
    public var diagnostics: [Diagnostic] = []
    /// What was put right in the memory while opening it, in sentences.
    public var repairs: [String] = []
    /// How long it took.
    public var seconds = 0.0
    /// Whether nothing was written.
    public var isDryRun = false

    enum CodingKeys: String, CodingKey {
        case generation, documents, chunks, coverage, degraded, diagnostics, repairs, seconds
        case isDryRun = "dry_run"
    }
}

/// How much of a memory the dense channel can see.
public struct Coverage: Sendable, Equatable, Codable {
    /// Passages.
    public let chunks: Int
    /// Passages with a vector of the current embedder.
    public let embedded: Int

    /// Counts of passages, and of those with a vector.
    public init(chunks: Int, embedded: Int) {
        self.chunks = chunks
        self.embedded = embedded
    }
}

/// How far indexing has come.
public enum IndexProgress: Sendable {
    /// Files looked at.
    case reading(done: Int, total: Int)
    /// Texts embedded.
    case embedding(done: Int, total: Int)
}
