import Documents
import Foundation
import Glibc
import TestSupport
import Testing

struct DocumentReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refuse(
        _ path: String, _ error: DocumentError, _ code: Diagnostic.Code, limit: Int = 100,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: location) {
            try DocumentReader(byteLimit: limit).read(path)
        }
        #expect(error.diagnostic.code == code && error.diagnostic.path == path)
        #expect(error.diagnostic.isSkipped)
    }

    @Test func `a text is read under the name it is given`() throws {
        let path = try folder.write("# Title\n", to: "x/a.md")
        let document = try DocumentReader().read(path, as: "a.md")
        #expect(document.path == "a.md" && document.title == "Title")
        #expect(document.diagnostics == [])
        #expect(try DocumentReader().read(path).path == path)
        #expect(try DocumentReader().bytes(of: path) == Array("# Title\n".utf8))
    }

    @Test func `what is missing is not found`() throws {
        let file = try folder.write("", to: "file")
        let none = folder.path + "/none"
        refuse(none, .notFound(path: none), .unreadable)
        refuse(file + "/below", .notFound(path: file + "/below"), .unreadable)
    }

    @Test func `only regular files are read`() throws {
        let file = try folder.write("x", to: "file.md")
        let (link, pipe) = (folder.path + "/link.md", folder.path + "/pipe.md")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        try #require(mkfifo(pipe, 0o600) == 0)
        refuse(link, .notARegularFile(path: link), .special)
        refuse(pipe, .notARegularFile(path: pipe), .special)
        refuse(folder.path, .notARegularFile(path: folder.path), .special)
        refuse("/dev/null", .notARegularFile(path: "/dev/null"), .special)
    }

    @Test func `the limit is the largest size read`() throws {
        let exact = try folder.write([UInt8](repeating: 0x61, count: 100), to: "100")
        let over = try folder.write([UInt8](repeating: 0x61, count: 101), to: "101")
        #expect(throws: Never.self) { try DocumentReader(byteLimit: 100).read(exact) }
        refuse(over, .tooLarge(path: over, byteCount: 101, limit: 100), .tooLarge)
        refuse(exact, .tooLarge(path: exact, byteCount: 100, limit: 0), .tooLarge, limit: 0)
    }

    @Test func `a NUL makes a file binary`() throws {
        let path = try folder.write([0x61, 0, 0x62], to: "a.md")
        refuse(path, .binary(path: path), .binary)
    }
}

struct DocumentTests {
    private func document(_ text: String, _ path: String = "dir/page.md") -> Document {
        Document(Array(text.utf8), path: path)
    }

    private func check(
        title: String, _ text: String, _ path: String = "dir/page.md",
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(document(text, path).title == title, sourceLocation: location)
    }

    @Test func `the title is told by front matter, heading, name, file`() {
        check(title: "Front", "---\ntitle: Front\nname: n\n---\n# Head\n")
        check(title: "Head", "---\nname: n\n---\n# Head\n")
        check(title: "n", "---\nname: n\n---\ntext\n")
        check(title: "Head", "```\n# not\n```\n\n## Head ##\n")
        check(title: "page", "text\n")
        check(title: "page", "---\ntitle: \"\"\n---\n#\n")
        check(title: "a.b", "x", "a.b.txt")
        check(title: ".hidden", "x", ".hidden")
        check(title: "page", "# not markdown\n", "page.yaml")
    }

    @Test func `the hash is SHA-256`() {
        #expect(
            document("").contentHash.rawValue
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            ContentHash(of: "abc".utf8).rawValue
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `what was odd is told with its line`() {
        func codes(_ text: [UInt8], _ path: String = "a.md") -> [String] {
            Document(text, path: path).diagnostics.map { "\($0.code.rawValue):\($0.line ?? 0)" }
        }
        #expect(codes(Array("fine\n".utf8)) == [])
        #expect(codes([0x61, 0x0A, 0xFF, 0x0A, 0xFF]) == ["invalid_utf8:2"])
        #expect(codes(Array("a\n\n‚úÖ\n".utf8)) == ["mojibake:3"])
        #expect(codes(Array("---\na: b\nc: d: e\n---\nx".utf8)) == ["front_matter:3"])
        #expect(codes([]) == ["empty:0"])
        #expect(codes(Array(" \n\t\n".utf8)) == ["empty:0"])
        #expect(codes(Array("---\na: b: c\n---\nx".utf8), "a.yaml") == [])
    }

    @Test func `only what is left out counts as skipped`() {
        for code in ["invalid_utf8", "mojibake", "front_matter", "empty"] {
            let code = Diagnostic.Code(rawValue: code)
            #expect(code.map { Diagnostic($0, path: "a", "x").isSkipped } == false)
        }
        for code in ["binary", "too_large", "unsupported_type", "symlink", "special", "ignored"] {
            let code = Diagnostic.Code(rawValue: code)
            #expect(code.map { Diagnostic($0, path: "a", "x").isSkipped } == true)
        }
    }
}
