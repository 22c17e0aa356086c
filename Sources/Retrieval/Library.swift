internal import Documents
public import Foundation
internal import Embedding
internal import Kernels
internal import StrictJSON
public import Store

/// The single writer of a memory: reads files, cuts them, embeds them.
public actor Library {
    let paths: RootedPaths
    let memory: MemoryPaths
    let writer: MemoryWriter
    let embedder: EmbedderAvailability
    private let reader = DocumentReader()
    let chunker = Chunker()

    /// Texts embedded and stored in one transaction.
    private static let embeddingBatch = 192

    /// Opens the memory for writing.
    ///
    /// - Throws: `StoreError`: `.busy` while another process writes.
    public init(_ memory: MemoryPaths, embedder: EmbedderAvailability) throws {
        self.memory = memory
        self.embedder = embedder
        paths = RootedPaths(root: memory.root)
        writer = try MemoryWriter(memory)
    }

    /// Brings the memory up to date with the files of a request.
    ///
    /// Each document is one transaction, and each batch of vectors is; a run that is killed leaves
    /// a memory that the next run completes to what an undisturbed one would have made.
    ///
    /// - Parameters:
    ///   - request: what to index.
    ///   - now: the time to note on documents.
    ///   - progress: called often, on the library's own executor.
    /// - Returns: what changed.
    /// - Throws: `RetrievalError`, `StoreError`; a file that cannot be read is not an error.
    public func index(
        _ request: IndexRequest, now: Date,
        progress: @Sendable (IndexProgress) -> Void = { _ in }
    ) async throws -> IndexReport {
        let start = ContinuousClock.now
        var report = IndexReport()
        report.isDryRun = request.isDryRun
        report.repairs = writer.repairs
        let scan = try RootScan(
            request, known: try writer.reader.roots(), paths: paths, memory: memory)
        report.diagnostics = scan.diagnostics
        if !request.isDryRun {
            for root in scan.roots { try writer.addRoot(root) }
        }
        let states = try writer.reader.documentStates()
        for (index, file) in scan.files.enumerated() {
            progress(.reading(done: index, total: scan.files.count))
            try update(file, known: states[file.path], now: now, &report)
        }
        try removeMissing(scan, known: states, &report)
        if !request.isDryRun {
            try await embedMissing(progress)
            try saveVectors(&report)
        }
        try finish(&report)
        let elapsed = ContinuousClock.now - start
        report.seconds = (elapsed / .milliseconds(1)).rounded() / 1000
        return report
    }

    /// Makes vectors that are missing, without looking at any file.
    func embedOnly(_ progress: @Sendable (IndexProgress) -> Void) async throws -> IndexReport {
        var report = IndexReport()
        try await embedMissing(progress)
        try saveVectors(&report)
        try finish(&report)
        return report
    }

    private func update(
        _ file: (path: String, root: IndexedRoot), known: DocumentState?, now: Date,
        _ report: inout IndexReport
    ) throws {
        let document: Document
        do throws(DocumentError) {
            let bytes = try reader.bytes(of: paths.location(of: file.path))
            let hash = ContentHash(of: bytes).rawValue
            if let known, known.contentHash == hash, known.chunker == Chunker.version,
                known.collection == file.root.collection
            {
                report.documents.unchanged += 1
                report.chunks.reused += known.chunkCount
                return
            }
            guard !bytes.contains(0) else { throw .binary(path: file.path) }
            document = Document(bytes, path: file.path)
        } catch {
            try skip(file.path, because: error, known: known, &report)
            return
        }
        report.diagnostics += document.diagnostics
        if known == nil { report.documents.added += 1 } else { report.documents.changed += 1 }
        let chunks = chunker.chunks(of: document).map(ChunkRecord.init(_:))
        guard !report.isDryRun else { return }
        let changes = try writer.put(
            record(of: document, collection: file.root.collection, now: now), chunks: chunks)
        report.chunks.added += changes.added
        report.chunks.removed += changes.removed
        report.chunks.reused += changes.reused
    }

    /// A file that cannot be a document any more is forgotten; one that could not be read keeps
    /// what was known of it.
    private func skip(
        _ path: String, because error: DocumentError, known: DocumentState?,
        _ report: inout IndexReport
    ) throws {
        report.diagnostics.append(error.diagnostic.renamed(path))
        switch error {
        case .unreadable, .notFound:
            report.documents.failed += 1
        case .notARegularFile, .tooLarge, .binary:
            guard known != nil else { return }
            report.documents.removed += 1
            if !report.isDryRun { report.chunks.removed += try writer.removeDocuments([path]) }
        }
    }

    private func removeMissing(
        _ scan: RootScan, known: [String: DocumentState], _ report: inout IndexReport
    ) throws {
        let present = Set(scan.files.map(\.path))
        // What lies below a folder that could not be read is not known to be gone.
        let unread = scan.diagnostics.filter { $0.code == .unreadable }.map(\.path)
            .filter { place in !scan.missing.contains { $0.path == place } }
        let gone = known.keys.filter { path in
            !present.contains(path)
                && scan.roots.contains { RootedPaths.isWithin(path, $0.path) }
                && !unread.contains { RootedPaths.isWithin(path, $0) }
                // A root outside may be a disk that is not mounted now.
                && !scan.missing.contains {
                    $0.path.hasPrefix("/") && RootedPaths.isWithin(path, $0.path)
                }
        }.sorted()
        report.documents.removed += gone.count
        guard !report.isDryRun else { return }
        report.chunks.removed += try writer.removeDocuments(gone)
    }

    private func embedMissing(_ progress: @Sendable (IndexProgress) -> Void) async throws {
        for (role, embedder) in embedder.all {
            try writer.setSpace(embedder.fingerprint.rawValue, of: role)
            try await embedMissing(embedder, progress)
        }
    }

    private func embedMissing(
        _ embedder: any Embedder, _ progress: @Sendable (IndexProgress) -> Void
    ) async throws {
        let space = embedder.fingerprint.rawValue
        let total = try writer.reader.unembeddedCount(fingerprint: space)
        var (done, last): (Int, ChunkID?) = (0, nil)
        var ready: [(embeddingKey: String, bytes: [UInt8])] = []
        while true {
            let page = try writer.reader.unembedded(
                fingerprint: space, after: last, limit: Self.embeddingBatch)
            guard let end = page.last else {
                if !ready.isEmpty { try writer.putVectors(ready, fingerprint: space) }
                return
            }
            last = end.id
            // A later passage may have the text of one whose vector waits to be written.
            let waiting = Set(ready.map(\.embeddingKey))
            let texts = page.filter { !waiting.contains($0.embeddingKey) }
            progress(.embedding(done: done, total: total))
            async let rows = embedder.embed(
                texts.map { EmbeddedText.text(breadcrumb: $0.breadcrumb, body: $0.body) },
                longTexts: .windows)
            // The page before is written while this one is embedded.
            if !ready.isEmpty { try writer.putVectors(ready, fingerprint: space) }
            let vectors = try await rows
            ready = texts.enumerated().map { row, text in
                (text.embeddingKey, vectors.littleEndianBytes(ofRow: row))
            }
            done += texts.count
        }
    }

    private func finish(_ report: inout IndexReport) throws {
        let figures = try writer.reader.figures(
            fingerprint: embedder.embedder?.fingerprint.rawValue)
        report.generation = figures.generation
        report.coverage = Coverage(chunks: figures.chunks, embedded: figures.embedded)
        if case .unavailable(let reason) = embedder {
            report.degraded.append("no vectors were made: \(reason)")
        } else if let sentence = try embedder.missingCompanion(of: writer.reader) {
            report.degraded.append(sentence)
        }
    }

    func record(of document: Document, collection: String, now: Date) -> DocumentRecord {
        let values = document.frontMatter.map { JSONValue.object($0.values.mapValues(\.json)) }
        return DocumentRecord(
            path: document.path, docid: Docid.docid(of: document.path), collection: collection,
            kind: document.kind.rawValue, title: document.title,
            contentHash: document.contentHash.rawValue, chunker: Chunker.version,
            frontMatter: String(
                decoding: (values ?? .object([:])).canonicalBytes, as: UTF8.self),
            indexedAt: now.ISO8601Format())
    }
}
