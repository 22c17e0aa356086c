internal import Embedding
public import Foundation
internal import Kernels
internal import Store
internal import Vectors

/// What a sweep did.
public struct SweepReport: Sendable, Codable {
    /// How much there is.
    public struct Figures: Sendable, Equatable, Codable {
        /// Files, and the timeline.
        public let documents: Int
        /// Passages.
        public let chunks: Int
        /// Passages with a vector.
        public let embedded: Int
        /// Vectors that are stored; passages with the same text share one.
        public let vectors: Int
        /// Facts.
        public let facts: Int
    }

    /// Whether nothing was written.
    public var isDryRun: Bool
    /// Before the sweep.
    public var before: Figures
    /// After it.
    public var after: Figures
    /// What indexing did.
    public var index: IndexReport
    /// Facts that had ended and were removed.
    public var endedFacts = 0
    /// Vectors that no passage uses any more and were removed.
    public var removedVectors = 0
    /// The exported index, relative to the root.
    public var vectorFile: String
    /// Whether it was written anew; false where it was up to date already.
    public var isPublished = false

    enum CodingKeys: String, CodingKey {
        case before, after, index
        case isDryRun = "dry_run"
        case endedFacts = "ended_facts"
        case removedVectors = "removed_vectors"
        case vectorFile = "vector_file"
        case isPublished = "published"
    }
}

extension Library {
    /// Brings everything up to date: indexes what changed, drops what is derived and unused, ends
    /// facts that are over, and publishes the index for FAISS.
    ///
    /// Files of the user are only read.
    ///
    /// Doing it again changes nothing.
    /// - Parameters:
    ///   - isDryRun: whether only to tell.
    ///   - now: the time to note.
    ///   - progress: called often, on the library's own executor.
    /// - Returns: what was done, with figures before and after.
    /// - Throws: as `index`; no root at all is not an error here.
    public func sweep(
        isDryRun: Bool, now: Date, progress: @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws -> SweepReport {
        let before = try figures()
        var index = IndexReport()
        do {
            let request = IndexRequest(isDryRun: isDryRun)
            index = try await self.index(request, now: now, progress: progress)
        } catch RetrievalError.nothingToIndex {
            if !isDryRun { index = try await embedOnly(progress) }
        }
        var report = SweepReport(
            isDryRun: isDryRun, before: before, after: before, index: index,
            vectorFile: paths.stored(memory.vectorFile))
        guard !isDryRun else { return report }
        report.endedFacts = try writer.removeEndedFacts(now: now)
        report.removedVectors = try writer.removeUnusedVectors()
        try saveVectors(&report.index, isCompacting: true)
        report.isPublished = try publish()
        report.after = try figures()
        return report
    }

    /// Writes `vector.faiss` where what it was made from has changed; tells whether it did.
    ///
    /// A definition that names a path of another kind wants no FAISS file.
    private func publish() throws -> Bool {
        guard memory.vectorFile.hasSuffix(".faiss"),
            let space = try writer.reader.meta(VectorRole.main.metaName),
            let embedder = embedder.embedder,
            embedder.fingerprint.rawValue == space
        else { return false }
        let stored = try writer.reader.vectors(fingerprint: space, documents: nil)
        guard
            let rows = FloatRows(dimension: embedder.dimension, littleEndianBytes: stored.bytes),
            rows.count == stored.ids.count
        else { throw StoreError.corrupt("vectors of another length than \(embedder.dimension)") }
        let bytes = FaissFile.bytes(of: rows, ids: stored.ids.map(\.rawValue))
        let known = FileManager.default.contents(atPath: memory.vectorFile)
        guard known != Data(bytes) else { return false }
        try AtomicFile.write(bytes, to: memory.vectorFile)
        return true
    }

    private func figures() throws -> SweepReport.Figures {
        let space =
            try embedder.embedder?.fingerprint.rawValue
            ?? writer.reader.meta(VectorRole.main.metaName)
        let figures = try writer.reader.figures(fingerprint: space)
        return SweepReport.Figures(
            documents: figures.documents, chunks: figures.chunks, embedded: figures.embedded,
            vectors: try writer.reader.vectorCount(), facts: figures.facts)
    }
}
