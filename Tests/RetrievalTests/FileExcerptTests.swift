import Documents
import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Lines of a file as it is now.
@Suite struct FileExcerptTests {
    static let text = "one\ntwo\nthree\nfour\n"

    static func read(_ request: String, in room: MemoryRoom) throws -> FileExcerpt {
        try FileExcerpt.read(
            ExcerptRequest(request), paths: room.paths,
            reader: FileManager.default.fileExists(atPath: room.memory.database)
                ? room.reader() : nil)
    }

    /// What a request shows of a file of four lines.
    static func check(
        _ request: String, _ text: String, _ lines: ClosedRange<Int>, in room: MemoryRoom,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let excerpt = try read(request, in: room)
        #expect(excerpt.text == text, "\(request)", sourceLocation: sourceLocation)
        #expect(excerpt.startLine == lines.lowerBound, sourceLocation: sourceLocation)
        #expect(excerpt.endLine == lines.upperBound, sourceLocation: sourceLocation)
        #expect(excerpt.path == "docs/a.md", sourceLocation: sourceLocation)
        #expect(
            excerpt.hash == ContentHash(of: Self.text.utf8).rawValue, sourceLocation: sourceLocation
        )
    }

    @Test func `every form shows the lines that it names`() async throws {
        let room = try await MemoryRoom.indexed(["docs/a.md": Self.text])
        let docid = try #require(try room.reader().passages(ofDocumentAt: "docs/a.md").first)
            .document.docid
        for target in ["docs/a.md", "#\(docid)", "#\(docid.prefix(6))", room.path("docs/a.md")] {
            try Self.check(target, "one\ntwo\nthree\nfour", 1...4, in: room)
            try Self.check("\(target):2", "two", 2...2, in: room)
            try Self.check("\(target):2:2", "two\nthree", 2...3, in: room)
            try Self.check("\(target):3-4", "three\nfour", 3...4, in: room)
            try Self.check("\(target):3:9", "three\nfour", 3...4, in: room)
            try Self.check("\(target):4-\(Int.max)", "four", 4...4, in: room)
            try Self.check("\(target):2:\(Int.max)", "two\nthree\nfour", 2...4, in: room)
        }
        try Self.check("#\(docid.uppercased())", "one\ntwo\nthree\nfour", 1...4, in: room)
        try Self.check("docs/./a.md", "one\ntwo\nthree\nfour", 1...4, in: room)
        try Self.check("docs/../docs/a.md", "one\ntwo\nthree\nfour", 1...4, in: room)
    }

    @Test func `a file can be read before anything is indexed`() throws {
        let room = try MemoryRoom(["docs/a.md": Self.text])
        try Self.check("docs/a.md:2", "two", 2...2, in: room)
    }

    @Test func `lines behind the end are an error that tells the count`() throws {
        let room = try MemoryRoom(["docs/a.md": Self.text, "empty.md": ""])
        let error = RetrievalError.linesNotFound(path: "docs/a.md", lineCount: 4)
        for request in ["docs/a.md:5", "docs/a.md:5:1", "docs/a.md:5-9", "docs/a.md:\(Int.max)"] {
            #expect(throws: error, "\(request)") { try Self.read(request, in: room) }
        }
        let empty = try Self.read("empty.md", in: room)
        #expect(empty.text == "" && empty.startLine == 1 && empty.endLine == 0)
        #expect(throws: RetrievalError.linesNotFound(path: "empty.md", lineCount: 0)) {
            try Self.read("empty.md:1", in: room)
        }
    }

    @Test func `what is not there is an error that repeats the request`() async throws {
        let room = try await MemoryRoom.indexed(["docs/a.md": Self.text])
        for target in ["gone.md", "#", "#abc", "#ffffffffffff", "docs/b.md", "#zzzz", "##"] {
            #expect(throws: RetrievalError.documentNotFound(target), "\(target)") {
                try Self.read(target, in: room)
            }
        }
        #expect(throws: (any Error).self) { try Self.read("docs", in: room) }
        try room.remove("docs/a.md")
        #expect(throws: RetrievalError.documentNotFound("docs/a.md")) {
            try Self.read("docs/a.md", in: room)
        }
    }

    @Test func `a shortened docid that two documents share is ambiguous`() async throws {
        // Two names whose SHA-256 starts with the same four digits.
        var seen: [String: String] = [:]
        var pair: [String] = []
        for number in 0..<5000 {
            let name = "docs/n\(number).md"
            let prefix = String(ContentHash(of: name.utf8).rawValue.prefix(4))
            if pair.isEmpty, let other = seen[prefix] { pair = [other, name, prefix] }
            seen[prefix] = name
        }
        try #require(pair.count == 3)
        let room = try await MemoryRoom.indexed([pair[0]: "# A\n\nx\n", pair[1]: "# B\n\ny\n"])
        let error = RetrievalError.ambiguousDocid(
            "#" + pair[2], paths: [pair[0], pair[1]].sorted())
        #expect(throws: error) { try Self.read("#" + pair[2], in: room) }
    }

    @Test func `the text is the file's own, not the memory's`() async throws {
        let room = try await MemoryRoom.indexed(["docs/a.md": "old\n"])
        try room.folder.write("new\n", to: "docs/a.md")
        #expect(try Self.read("docs/a.md", in: room).text == "new")
        try room.folder.write(Array("a\r\nb\u{B}c\u{2028}d\r\n".utf8) + [0xFF], to: "docs/b.md")
        #expect(try Self.read("docs/b.md:1", in: room).text == "a")
        #expect(try Self.read("docs/b.md:2", in: room).text == "b\u{B}c\u{2028}d")
        #expect(try Self.read("docs/b.md:3", in: room).text == "\u{FFFD}")
    }
}
