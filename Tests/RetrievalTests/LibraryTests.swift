import Documents
import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Bringing a memory up to date with files, by content.
@Suite struct LibraryTests {
    /// What a report must say of documents.
    static func check(
        _ report: IndexReport, added: Int = 0, changed: Int = 0, removed: Int = 0,
        unchanged: Int = 0, failed: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let counts = report.documents
        let found = [
            counts.added, counts.changed, counts.removed, counts.unchanged, counts.failed,
        ]
        let expected: [Int] = [added, changed, removed, unchanged, failed]
        #expect(
            found == expected, "added, changed, removed, unchanged, failed",
            sourceLocation: sourceLocation)
    }

    static let files = ["docs/a.md": "# A\n\nAlpha.\n", "docs/b.md": "# B\n\nBeta.\n"]

    @Test(arguments: [true, false])
    func `a second run changes nothing`(withVectors: Bool) async throws {
        let room = try MemoryRoom(
            Self.files, embedder: withVectors ? MemoryRoom.hashing : MemoryRoom.words)
        let first = try await room.index()
        Self.check(first, added: 2)
        #expect(first.chunks.added == 2 && first.coverage.chunks == 2)
        #expect(first.coverage.embedded == (withVectors ? 2 : 0))
        #expect(first.degraded.isEmpty == withVectors)
        let ids = try room.ids("docs/a.md")
        for second in [try await room.index(), try await room.index()] {
            Self.check(second, unchanged: 2)
            #expect(second.generation == first.generation)
            #expect(second.chunks.reused == 2 && second.chunks.added == 0)
            #expect(second.coverage == first.coverage)
        }
        #expect(try room.ids("docs/a.md") == ids)
    }

    @Test func `a run without a path changes nothing below a root that is known`() async throws {
        let room = try await MemoryRoom.indexed(Self.files)
        Self.check(try await room.indexKnown(), unchanged: 2)
    }

    @Test func `added, changed, removed and unchanged files are told apart`() async throws {
        let room = try MemoryRoom(Self.files)
        try await room.index()
        try room.folder.write("# A\n\nAnother.\n", to: "docs/a.md")
        try room.folder.write("# C\n\nGamma.\n", to: "docs/c.md")
        Self.check(try await room.index(), added: 1, changed: 1, unchanged: 1)
        try room.remove("docs/b.md")
        let report = try await room.index()
        Self.check(report, removed: 1, unchanged: 2)
        #expect(report.chunks.removed == 1)
        #expect(try room.documents() == ["docs/a.md", "docs/c.md"])
        #expect(try await room.search("Beta").hits.isEmpty)
        #expect(try await room.search("Alpha").hits.isEmpty)
        #expect(try await room.search("Another").hits.count == 1)
    }

    @Test func `a renamed file is removed under its old name and added under its new one`()
        async throws
    {
        let room = try MemoryRoom(Self.files, embedder: MemoryRoom.hashing)
        try await room.index()
        try FileManager.default.moveItem(
            atPath: room.path("docs/a.md"), toPath: room.path("docs/z.md"))
        let report = try await room.index()
        Self.check(report, added: 1, removed: 1, unchanged: 1)
        #expect(try room.documents() == ["docs/b.md", "docs/z.md"])
        #expect(report.coverage == Coverage(chunks: 2, embedded: 2))
        #expect(try await room.search("Alpha").hits.first?.path == "docs/z.md")
    }

    @Test func `an edit keeps the ids of the passages that it does not touch`() async throws {
        let sections = ["Symptoms", "Diagnosis", "Repair"]
        let text = MemoryRoom.page("Page", sections: sections)
        let room = try await MemoryRoom.indexed(["docs/a.md": text])
        let before = try room.ids("docs/a.md")
        #expect(before.count == 3)
        try room.folder.write(
            text.replacing("About Diagnosis", with: "All\nabout the diagnosis"), to: "docs/a.md")
        let report = try await room.index()
        #expect(report.chunks.reused == 2 && report.chunks.added == 1 && report.chunks.removed == 1)
        let after = try room.reader().passages(ofDocumentAt: "docs/a.md")
        #expect(after.map(\.id)[0] == before[0] && after.map(\.id)[2] == before[2])
        #expect(!before.contains(after[1].id) && after[1].id > before[2])
        let lines = try String(contentsOfFile: room.path("docs/a.md"), encoding: .utf8)
            .components(separatedBy: "\n")
        #expect(lines[after[2].chunk.lines.lowerBound - 1] == "## Repair")
    }

    @Test func `another collection moves documents and keeps their passages`() async throws {
        let room = try MemoryRoom(Self.files)
        try await room.index(["docs"], collection: "one")
        let ids = try room.ids("docs/a.md")
        let report = try await room.index(["docs"], collection: "two")
        Self.check(report, changed: 2)
        #expect(report.chunks.reused == 2 && report.chunks.added == 0)
        #expect(try room.ids("docs/a.md") == ids)
        #expect(Set(try room.reader().documentSummaries().map(\.collection)) == ["two"])
        Self.check(try await room.indexKnown(), unchanged: 2)
    }

    @Test func `a collection's name is the last part of its path`() async throws {
        let room = try MemoryRoom(Self.files)
        try await room.index(["docs"])
        #expect(Set(try room.reader().documentSummaries().map(\.collection)) == ["docs"])
    }

    @Test func `a folder inside another root keeps the collection it was given`() async throws {
        let room = try MemoryRoom(["docs/a.md": "# A\n\nx\n", "docs/in/b.md": "# B\n\ny\n"])
        try await room.index(["docs/in"], collection: "inner")
        try await room.indexKnown()
        let report = try await room.indexKnown()
        Self.check(report, unchanged: 2)
        let summaries = try room.reader().documentSummaries()
        #expect(summaries.first { $0.path == "docs/in/b.md" }?.collection == "inner")
        // Also where only the outer folder is indexed again.
        Self.check(try await room.index(["docs"]), unchanged: 2)
        Self.check(try await room.indexKnown(), unchanged: 2)
    }

    @Test func `indexing one root never drops another`() async throws {
        let room = try MemoryRoom([
            "docs/a.md": "# A\n\nx\n", "notes/b.md": "# B\n\ny\n", "c.md": "# C\n\nz\n",
        ])
        let outside = try MemoryRoom(["d.md": "# D\n\nw\n"])
        try await room.index(["docs"])
        try await room.index(["notes"])
        try await room.index(["c.md"])
        _ = try await room.run(IndexRequest(paths: [outside.folder.path]))
        try await room.index(["docs"])
        #expect(try room.documents().count == 4)
        #expect(try room.reader().roots().count == 4)
        Self.check(try await room.indexKnown(), unchanged: 4)
        try outside.remove("d.md")
        Self.check(try await room.indexKnown(), removed: 1, unchanged: 3)
    }

    @Test func `a root outside that is gone keeps its documents, one inside does not`()
        async throws
    {
        let room = try MemoryRoom(["docs/a.md": "# A\n\nx\n", "b.md": "# B\n\ny\n"])
        let outside = try MemoryRoom(["in/d.md": "# D\n\nw\n"])
        try await room.index(["docs", "b.md"])
        _ = try await room.run(IndexRequest(paths: [outside.path("in")]))
        try room.remove("b.md")
        try outside.remove("in")
        let report = try await room.indexKnown()
        Self.check(report, removed: 1, unchanged: 1)
        #expect(report.diagnostics.contains { $0.code == .unreadable })
        #expect(try room.documents().contains(outside.path("in") + "/d.md"))
    }

    @Test func `identical files at two paths live and die apart`() async throws {
        let text = "# Twin\n\nThe same words.\n"
        let room = try await MemoryRoom.indexed(
            ["docs/a.md": text, "docs/b.md": text], embedder: MemoryRoom.hashing)
        #expect(try await room.search("same words").hits.count == 2)
        try room.remove("docs/a.md")
        let report = try await room.index()
        #expect(report.coverage == Coverage(chunks: 1, embedded: 1))
        for mode in SearchRequest.Mode.allCases {
            var request = SearchRequest("same words")
            request.mode = mode
            #expect(try await room.search(request).hits.map(\.path) == ["docs/b.md"], "\(mode)")
        }
    }

    @Test func `a dry run tells what it would do and writes nothing`() async throws {
        let room = try MemoryRoom(Self.files, embedder: MemoryRoom.hashing)
        let report = try await room.index(isDryRun: true)
        Self.check(report, added: 2)
        #expect(report.isDryRun && report.generation == 0)
        #expect(try room.documents().isEmpty && room.reader().roots().isEmpty)
        try await room.index()
        try room.folder.write("# A\n\nNew.\n", to: "docs/a.md")
        try room.remove("docs/b.md")
        let generation = try room.reader().figures(fingerprint: nil).generation
        Self.check(try await room.index(isDryRun: true), changed: 1, removed: 1)
        #expect(try room.documents().count == 2)
        #expect(try room.reader().figures(fingerprint: nil).generation == generation)
        let words = MemoryRoom(room, embedder: MemoryRoom.words)
        #expect(try await words.search("Alpha").hits.count == 1)
    }

    @Test func `vectors that are missing are made at a later run`() async throws {
        let room = try await MemoryRoom.indexed(Self.files)
        let later = MemoryRoom(room, embedder: MemoryRoom.hashing)
        let before = try await later.search("Alpha")
        #expect(before.coverage == Coverage(chunks: 2, embedded: 0))
        #expect(before.degraded.contains { $0.contains("2 of 2 passages have no vector") })
        let report = try await later.index()
        Self.check(report, unchanged: 2)
        #expect(report.coverage == Coverage(chunks: 2, embedded: 2))
        #expect(try await later.search("Alpha").degraded.isEmpty)
        let other = MemoryRoom(room, embedder: .ready(HashingEmbedder(space: "other:1")))
        #expect(try await other.search("Alpha").coverage.embedded == 0)
        #expect(try await other.index().coverage.embedded == 2)
    }

    @Test func `an embedder that fails loses no words`() async throws {
        let room = try MemoryRoom(Self.files, embedder: .ready(FailingEmbedder()))
        await #expect(throws: FailingEmbedder.Failure.self) { try await room.index() }
        let words = MemoryRoom(room, embedder: MemoryRoom.words)
        #expect(try await words.search("Alpha").hits.count == 1)
    }
}
