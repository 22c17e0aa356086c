import Documents
import Foundation
import Glibc
import Retrieval
import Store
import TestSupport
import Testing

/// Files of every kind, and places that are none.
extension LibraryTests {
    /// Indexes one file of some bytes and tells what was said about it.
    static func report(of bytes: [UInt8], name: String = "docs/a.md") async throws -> IndexReport {
        let room = try MemoryRoom()
        try room.folder.write(bytes, to: name)
        return try await room.index()
    }

    /// A file that is left out, with its reason.
    static func checkSkipped(
        _ bytes: [UInt8], name: String = "docs/a.md", _ code: Diagnostic.Code,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let report = try await report(of: bytes, name: name)
        check(report, sourceLocation: sourceLocation)
        #expect(
            report.diagnostics.map(\.code) == [code] && report.diagnostics[0].isSkipped,
            sourceLocation: sourceLocation)
        #expect(report.diagnostics.map(\.path) == [name], sourceLocation: sourceLocation)
    }

    @Test func `what is no text is left out and told`() async throws {
        try await Self.checkSkipped([0x61, 0x00, 0x62], .binary)
        try await Self.checkSkipped([UInt8](repeating: 0, count: 10), name: "docs/a.txt", .binary)
        try await Self.checkSkipped([1, 2, 3], name: "docs/a.png", .unsupportedType)
        try await Self.checkSkipped([UInt8](repeating: 0x61, count: (4 << 20) + 1), .tooLarge)
    }

    @Test func `odd texts are read and told`() async throws {
        let invalid = try await Self.report(
            of: Array("# A\n\nbad \u{1}".utf8) + [0xFF, 0xFE, 0x0A])
        Self.check(invalid, added: 1)
        #expect(invalid.diagnostics.map(\.code) == [.invalidUTF8])
        #expect(invalid.diagnostics.first?.line == 3)
        let empty = try await Self.report(of: [])
        Self.check(empty, added: 1)
        #expect(empty.diagnostics.map(\.code) == [.empty] && empty.chunks.added == 0)
        let blank = try await Self.report(of: Array("\n \n\t\n".utf8))
        #expect(blank.diagnostics.map(\.code) == [.empty])
        let yaml = try await Self.report(of: Array("---\na: [b\n---\n# A\n\ntext\n".utf8))
        Self.check(yaml, added: 1)
        #expect(yaml.diagnostics.map(\.code) == [.frontMatter])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a line of a megabyte is cut into passages that are all found`() async throws {
        let line = (0..<150_000).map { "w\($0)" }.joined(separator: " ")
        #expect(line.utf8.count > 1 << 20)
        let room = try MemoryRoom()
        try room.folder.write(line + "\n", to: "docs/a.txt")
        let report = try await room.index()
        Self.check(report, added: 1)
        #expect(report.chunks.added > 100)
        for word in ["w0", "w75000", "w149999"] {
            let hits = try await room.search(word).hits
            #expect(hits.count == 1 && hits[0].startLine == 1 && hits[0].endLine == 1, "\(word)")
        }
    }

    @Test func `an empty folder is no error, and a missing path is one`() async throws {
        let room = try MemoryRoom()
        try FileManager.default.createDirectory(
            atPath: room.path("docs"), withIntermediateDirectories: true)
        Self.check(try await room.index(["docs"]))
        await #expect(throws: RetrievalError.pathNotFound(room.path("gone"))) {
            try await room.index(["gone"])
        }
        await #expect(throws: RetrievalError.pathNotFound(room.path("gone"))) {
            try await room.index(["docs", "gone"])
        }
        let bare = try MemoryRoom(["a.md": "# A\n\nx\n"])
        await #expect(throws: RetrievalError.self) { try await bare.indexKnown() }
    }

    @Test func `a file that became binary or a folder is forgotten`() async throws {
        let room = try await MemoryRoom.indexed(Self.files)
        try room.folder.write([0x61, 0], to: "docs/a.md")
        let report = try await room.index()
        Self.check(report, removed: 1, unchanged: 1)
        #expect(try await room.search("Alpha").hits.isEmpty)
        try room.remove("docs/b.md")
        try room.folder.write("# In\n\nx\n", to: "docs/b.md/in.md")
        Self.check(try await room.index(), added: 1, removed: 1)
        #expect(try room.documents() == ["docs/b.md/in.md"])
    }

    @Test func `a file that grew too large is forgotten and told`() async throws {
        let room = try await MemoryRoom.indexed(Self.files)
        try room.folder.write([UInt8](repeating: 0x61, count: (4 << 20) + 1), to: "docs/a.md")
        let report = try await room.index()
        Self.check(report, removed: 1, unchanged: 1)
        #expect(report.diagnostics.map(\.code) == [.tooLarge])
    }

    @Test(.enabled(if: geteuid() != 0, "root can read everything"))
    func `a file that cannot be read keeps what was known of it`() async throws {
        let room = try await MemoryRoom.indexed(Self.files)
        chmod(room.path("docs/a.md"), 0)
        Self.check(try await room.index(), unchanged: 1, failed: 1)
        #expect(try await room.search("Alpha").hits.count == 1)
        chmod(room.path("docs"), 0)
        try await room.index()
        chmod(room.path("docs"), 0o700)
        #expect(try room.documents().count == 2)
    }

    @Test func `links and pipes are not followed and not waited for`() async throws {
        let room = try MemoryRoom(Self.files)
        let outside = try MemoryRoom(["secret.md": "# Secret\n\nhidden\n"])
        try FileManager.default.createSymbolicLink(
            atPath: room.path("docs/link.md"), withDestinationPath: outside.path("secret.md"))
        try FileManager.default.createSymbolicLink(
            atPath: room.path("docs/loop"), withDestinationPath: room.path("docs"))
        #expect(mkfifo(room.path("docs/pipe.md"), 0o600) == 0)
        let report = try await room.index()
        Self.check(report, added: 2)
        #expect(Set(report.diagnostics.map(\.code)) == [.symlink, .special])
        #expect(try await room.search("hidden").hits.isEmpty)
    }

    @Test func `of the memory's folder only retrospectives and notes are read`() async throws {
        let text = "# Widget\n\nwidget\n"
        let room = try MemoryRoom([
            "memory/plan.md": text, "memory/runs/x/plan.md": text, "memory/runs/x/status.md": text,
            "memory/runs/x/retrospective.md": text, "memory/notes/n.md": text,
            "memory/runs/x/artifacts/plan.md": text, "memory/README.md": text,
            "memory/runs/x/artifacts/retrospective.md": text, "docs/a.md": text,
        ])
        let expected = ["docs/a.md", "memory/notes/n.md", "memory/runs/x/retrospective.md"]
        try await room.index()
        #expect(try room.documents() == expected)
        try await room.index(["memory", "memory/runs", "memory/runs/x", "memory/runs/x/plan.md"])
        try await room.indexKnown()
        #expect(try room.documents() == expected)
    }

    @Test func `a root that is reached through a link is the same root`() async throws {
        let text = "# Widget\n\nwidget\n"
        let room = try MemoryRoom([
            "memory/runs/x/plan.md": text, "memory/runs/x/retrospective.md": text,
            "docs/a.md": text,
        ])
        let links = try TemporaryFolder()
        let link = links.path + "/link"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: room.folder.path)
        let library = try Library(MemoryPaths(root: link), embedder: MemoryRoom.words)
        for request in [IndexRequest(paths: [link]), IndexRequest()] {
            _ = try await library.index(request, now: MemoryRoom.now)
        }
        #expect(try room.documents() == ["docs/a.md", "memory/runs/x/retrospective.md"])
    }

    @Test func `names of every kind are indexed, found, read and removed`() async throws {
        let names = [
            "docs/a b.md", "docs/#1.md", "docs/😀 café.md", "docs/50% off.md", "docs/a:5.md",
            "docs/a:1-2.md", "docs/'quoted \"x\".md", "docs/-n.md", "docs/new\nline.md",
            "docs/back\\slash.md", "docs/[x]*?.md", "docs/$(x).md",
        ]
        let room = try MemoryRoom()
        for name in names { try room.folder.write("# Zebra\n\nzebra text\n", to: name) }
        Self.check(try await room.index(), added: names.count)
        #expect(Set(try room.documents()) == Set(names))
        var request = SearchRequest("zebra")
        request.limit = 50
        let hits = try await room.search(request).hits
        #expect(Set(hits.map(\.path)) == Set(names))
        for hit in hits {
            let wanted = ExcerptRequest("\(hit.path):\(hit.startLine)-\(hit.endLine)")
            let excerpt = try FileExcerpt.read(wanted, paths: room.paths, reader: room.reader())
            #expect(excerpt.path == hit.path && excerpt.hash == hit.hash && !hit.isStale)
            let again = try FileExcerpt.read(
                ExcerptRequest(hit.docid), paths: room.paths, reader: room.reader())
            #expect(again.path == hit.path)
        }
        Self.check(try await room.index(), unchanged: names.count)
        try room.remove("docs")
        Self.check(try await room.index(), removed: names.count)
    }
}
