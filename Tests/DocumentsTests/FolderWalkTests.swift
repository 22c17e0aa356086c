import Documents
import Foundation
import Glibc
import TestSupport
import Testing

struct FolderWalkTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The walk's files and remarks, relative to the folder.
    private func walk(_ below: String = "") throws -> (files: [String], remarks: [String]) {
        let walk = try FolderWalk(folder.path + below)
        let prefix = folder.path + "/"
        return (
            walk.files.map { String($0.dropFirst(prefix.count)) },
            walk.diagnostics.map { "\($0.code.rawValue) \($0.path.dropFirst(prefix.count))" }
        )
    }

    @Test func `files come sorted by their bytes`() throws {
        for name in ["b.md", "a/z.md", "a.md", "B.md", "é.md", "a b.txt", "a-/x.md", "README"] {
            try folder.write("x", to: name)
        }
        let found = try walk()
        #expect(
            found.files == [
                "B.md", "README", "a b.txt", "a-/x.md", "a.md", "a/z.md", "b.md", "é.md",
            ])
        #expect(found.remarks == [])
    }

    @Test func `everything left out is told once`() throws {
        try folder.write("x", to: "a.md")
        try folder.write("x", to: "picture.png")
        try folder.write("x", to: "sub/archive.md.gz")
        try folder.write("x", to: "secret/a.md")
        try folder.write("secret/\n*.log.txt\n", to: ".gitignore")
        try folder.write("x", to: "x.log.txt")
        for (link, target) in [("file.md", "a.md"), ("sub/up", ".."), ("broken.md", "nowhere")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + link, withDestinationPath: target)
        }
        try #require(mkfifo(folder.path + "/pipe.md", 0o600) == 0)
        let found = try walk()
        #expect(found.files == ["a.md"])
        #expect(
            found.remarks == [
                "symlink broken.md", "symlink file.md", "unsupported_type picture.png",
                "special pipe.md", "ignored secret", "unsupported_type sub/archive.md.gz",
                "symlink sub/up", "ignored x.log.txt",
            ])
    }

    @Test func `folders of version control are never entered`() throws {
        for name in [".git/a.md", "sub/.hg/a.md", ".svn/a.md", ".github/a.md", "git/a.md"] {
            try folder.write("x", to: name)
        }
        #expect(try walk().files == [".github/a.md", "git/a.md"])
    }

    @Test func `paths start with the folder as given`() throws {
        try folder.write("x", to: "a.md")
        #expect(try FolderWalk(folder.path + "/").files == [folder.path + "/a.md"])
        #expect(try FolderWalk(folder.path + "/.").files == [folder.path + "/./a.md"])
    }

    @Test func `a file is taken as it is`() throws {
        let path = try folder.write("x", to: "picture.png")
        try folder.write("*", to: ".gitignore")
        #expect(try FolderWalk(path).files == [path])
    }

    @Test func `what cannot be walked is an error`() throws {
        let none = folder.path + "/none"
        #expect(throws: DocumentError.notFound(path: none)) { try FolderWalk(none) }
        let pipe = folder.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(throws: DocumentError.notARegularFile(path: pipe)) { try FolderWalk(pipe) }
    }

    @Test func `names in both normal forms are found and can be opened`() throws {
        try folder.write("x", to: "\u{E9}.md")
        try folder.write("x", to: "e\u{301}.md")
        let files = try FolderWalk(folder.path).files
        #expect(files.count == 2)
        for file in files { #expect(throws: Never.self) { try DocumentReader().read(file) } }
    }

    @Test func `a name that is not UTF-8 is told, not dropped`() throws {
        try folder.write("x", to: "a.md")
        let name: [CChar] =
            Array(folder.path.utf8CString.dropLast()) + [0x2F, -1, 0x2E, 0x6D, 0x64, 0]
        let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        close(descriptor)
        let walk = try FolderWalk(folder.path)
        #expect(walk.files.count + walk.diagnostics.count == 2)
    }

    @Test(.enabled(if: geteuid() != 0, "root reads every folder"))
    func `a folder that may not be read is told`() throws {
        try folder.write("x", to: "closed/a.md")
        chmod(folder.path + "/closed", 0)
        defer { chmod(folder.path + "/closed", 0o700) }
        #expect(try walk().remarks == ["unreadable closed"])
    }

    @Test func `deep folders are walked`() throws {
        let path = (0..<300).map { _ in "d" }.joined(separator: "/") + "/a.md"
        try folder.write("x", to: path)
        #expect(try walk().files == [path])
    }
}
