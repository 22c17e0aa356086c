internal import Documents
internal import Foundation
internal import Orchestration
internal import Retrieval
internal import Store

/// The documents of a memory.
struct DocumentList: Sendable, Codable {
    /// A document.
    struct Entry: Sendable, Codable {
        let path, docid, collection: String
        let kind: String
    }

    let documents: [Entry]
}

/// A note that was written and indexed.
struct NoteReply: Sendable, Codable {
    let path, docid: String
    let generation: Int
    /// Whether the same note was there already.
    let known: Bool
    /// How many secrets were left out of it.
    let redacted: Int
}

extension Desk {
    /// Lines of a document of the memory.
    ///
    /// A client reads what was indexed and the files of runs, not every file of the machine.
    func get(_ arguments: Arguments) async throws -> FileExcerpt {
        let target = try arguments.required("path")
        let start = arguments.number("start_line")
        let count = arguments.number("line_count")
        var request = ExcerptRequest(target)
        if start != nil || count != nil {
            let first = start ?? 1
            let (last, overflow) = first.addingReportingOverflow((count ?? .max) - 1)
            request = ExcerptRequest(
                target: request.target, lines: first...max(first, overflow ? .max : last))
        }
        let reader = try reader()
        if !request.target.hasPrefix("#") {
            request = ExcerptRequest(
                target: try known(request.target, reader), lines: request.lines)
        }
        let excerpt = try FileExcerpt.read(request, paths: paths, reader: reader)
        guard request.lines != nil else { return excerpt }
        // Read whole: a line of a key says nothing of what it is.
        let whole = try FileExcerpt.read(
            ExcerptRequest(target: request.target, lines: nil), paths: paths, reader: reader)
        return excerpt.cut(from: redactor.redacted(whole.text).text)
    }

    func documents(_ arguments: Arguments) async throws -> DocumentList {
        let summaries = try reader().documentSummaries()
        return DocumentList(
            documents: summaries.map { summary in
                DocumentList.Entry(
                    path: summary.path, docid: "#" + Docid.docid(of: summary.path),
                    collection: summary.collection, kind: summary.kind)
            })
    }

    func index(_ arguments: Arguments) async throws -> IndexReport {
        let places = try arguments.texts("paths").map(placeBelowRoot)
        let request = IndexRequest(
            paths: places, collection: arguments.text("collection"),
            isDryRun: arguments.flag("dry_run"))
        return try await writes.run {
            try await Library(memory, embedder: embedder).index(request, now: .now)
        }
    }

    /// Writes a note below the memory and indexes it; the same note twice is one note.
    func remember(_ arguments: Arguments) async throws -> NoteReply {
        let text = redactor.redacted(try arguments.required("text"))
        let title = redactor.redacted(
            arguments.text("title") ?? Note.title(of: text.text))
        let tags = arguments.texts("tags").map(redactor.redacted)
        let note = Note(
            title: title.text, tags: tags.map(\.text), text: text.text, writtenAt: .now)
        let count = ([text, title] + tags).reduce(0) { $0 + $1.redactionCount }
        let folder = memory.folder + "/notes"
        let path = folder + "/" + note.fileName
        return try await writes.run {
            // First, so that a busy memory leaves no note behind that is not indexed.
            let library = try Library(memory, embedder: embedder)
            let isKnown = FileManager.default.fileExists(atPath: path)
            if !isKnown { try AtomicFile.write(note.bytes, to: path) }
            let report = try await library.index(
                IndexRequest(paths: [folder], collection: "notes"), now: .now)
            let stored = paths.stored(path)
            return NoteReply(
                path: stored, docid: "#" + Docid.docid(of: stored), generation: report.generation,
                known: isKnown, redacted: count)
        }
    }

    /// The stored path of a file that a client may read.
    private func known(_ target: String, _ reader: MemoryReader) throws -> String {
        let stored = paths.stored(
            target.hasPrefix("/") ? target : paths.location(of: target))
        let runs = paths.stored(memory.runs) + "/"
        if stored.utf8.starts(with: runs.utf8) { return stored }
        guard try !reader.passages(ofDocumentAt: stored).isEmpty else {
            throw Failure(
                code: "NOT_FOUND", message: "the memory holds no document \(target)",
                next: "search, and use the path of a hit", exitCode: .notFound)
        }
        return stored
    }

    /// Where a path below the root lies.
    private func placeBelowRoot(_ path: String) throws -> String {
        let place = path.hasPrefix("/") ? path : paths.location(of: path)
        let stored = paths.stored(place)
        let memory = paths.stored(memory.folder)
        let parts = stored.utf8.split(separator: UInt8(ascii: "/"))
        let isHidden = stored != "." && parts.contains { $0.first == UInt8(ascii: ".") }
        let isOwn =
            stored == memory
            || stored.utf8.starts(with: (memory + "/").utf8)
                && !stored.utf8.starts(with: (memory + "/notes").utf8)
        guard !stored.hasPrefix("/"), !isHidden, !isOwn else {
            throw Failure(
                code: "DENIED",
                message: "\(path) is hidden, the memory's own, or not below the root",
                next: "conductor index \(path), at the machine itself", exitCode: .denied)
        }
        return place
    }
}
