import Foundation
import Store
import TestSupport
import Testing

/// A memory in a folder of its own, seen from inside and by another program.
struct MemoryFixture {
    let folder: TemporaryFolder
    let paths: MemoryPaths

    init() throws {
        folder = try TemporaryFolder()
        paths = try MemoryPaths(root: folder.path)
    }

    /// Opens the memory, runs `body`, and closes it again.
    @discardableResult
    func write<Result>(_ body: (MemoryWriter) throws -> Result) throws -> Result {
        try body(MemoryWriter(paths))
    }

    static var hasPython: Bool { FileManager.default.fileExists(atPath: "/usr/bin/python3") }

    /// Runs Python with `db` open on the SQLite file; returns what it prints, without the last LF.
    func python(_ script: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: paths.folder, withIntermediateDirectories: true)
        let head = "import sqlite3\ndb = sqlite3.connect(\"\(paths.database)\")\n"
        let path = try folder.write(head + script + "\ndb.commit()\ndb.close()\n", to: "script.py")
        let result = try BuiltBinary(in: folder.path).shortShell("/usr/bin/python3 '\(path)'")
        try #require(result.status == 0, "\(result.errors)")
        return result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output
    }

    /// Lets another program compare the full text's index with the passages.
    func checkIntegrity(at location: SourceLocation = #_sourceLocation) throws {
        let found = try python(
            """
            print(db.execute("PRAGMA integrity_check").fetchone()[0])
            print(db.execute("PRAGMA foreign_key_check").fetchall())
            db.execute("INSERT INTO chunk_text(chunk_text) VALUES ('integrity-check')")
            db.execute("INSERT INTO chunk_text(chunk_text, rank) VALUES ('integrity-check', 1)")
            print(db.execute("SELECT (SELECT count(*) FROM chunk_text_docsize)"
                " = (SELECT count(*) FROM chunks)").fetchone()[0])
            db.execute("INSERT INTO chunk_names(chunk_names, rank) VALUES ('integrity-check', 1)")
            print(db.execute("SELECT (SELECT count(*) FROM chunk_names_docsize)"
                " = (SELECT count(*) FROM chunks)").fetchone()[0])
            """)
        #expect(found == "ok\n[]\n1\n1", sourceLocation: location)
    }
}

func document(_ path: String, collection: String = "docs", hash: String = "h") -> DocumentRecord {
    DocumentRecord(
        path: path, docid: "d" + path.filter(\.isLetter), collection: collection, kind: "runbook",
        title: "T " + path, contentHash: hash, chunker: "chunks/1", frontMatter: "{}",
        indexedAt: "2026-11-23T00:00:00Z")
}

func chunk(
    _ body: String, line: Int = 1, key: String? = nil, identifiers: String = "", tokens: Int = 3
) -> ChunkRecord {
    ChunkRecord(
        lines: line...line + 1, bytes: line * 10..<line * 10 + 10, breadcrumb: "Crumb", body: body,
        identifiers: identifiers, tokens: tokens, embeddingKey: key ?? "key " + body)
}
