public import Store

/// What a memory holds, in the form that replies have.
public struct MemoryStatus: Sendable, Codable {
    /// A path that was indexed.
    public struct Root: Sendable, Codable {
        let path, collection: String
    }

    /// The folder that paths are relative to.
    public let root: String
    /// The SQLite file.
    public let memory: String
    /// Rises with every change of a document.
    public let generation: Int
    /// When a document was last indexed, in UTC; absent while there is none.
    public let indexedAt: String?
    /// The fingerprint of the vectors that are there; absent while there is none.
    public let embedder: String?
    /// The same of the vectors that are searched beside them.
    public let companion: String?
    /// Numbers of documents and facts.
    public let documents, facts: Int
    /// Passages, and how many of them have a vector.
    public let coverage: Coverage
    /// The paths that were indexed.
    public let roots: [Root]

    enum CodingKeys: String, CodingKey {
        case root, memory, generation, embedder, companion, documents, facts, coverage, roots
        case indexedAt = "indexed_at"
    }

    /// Counts what a memory holds; loads no model.
    ///
    /// - Throws: `StoreError`.
    public init(of reader: MemoryReader, at paths: MemoryPaths) throws {
        let embedder = try reader.meta(VectorRole.main.metaName)
        let figures = try reader.figures(fingerprint: embedder)
        root = paths.root
        memory = paths.database
        generation = figures.generation
        indexedAt = figures.indexedAt
        self.embedder = embedder
        companion = try reader.meta(VectorRole.companion.metaName)
        documents = figures.documents
        facts = figures.facts
        coverage = Coverage(chunks: figures.chunks, embedded: figures.embedded)
        roots = try reader.roots().map { Root(path: $0.path, collection: $0.collection) }
    }
}
