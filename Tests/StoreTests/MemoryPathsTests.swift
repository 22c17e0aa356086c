import Foundation
import Store
import TestSupport
import Testing

struct MemoryPathsTests {
    private func refuse(_ relative: String, at location: SourceLocation = #_sourceLocation) {
        let error = StoreError.invalidName(relative)
        #expect(throws: error, sourceLocation: location) {
            try MemoryPaths(root: "/r", database: relative)
        }
        #expect(throws: error, sourceLocation: location) {
            try MemoryPaths(root: "/r", timeline: relative)
        }
        #expect(throws: error, sourceLocation: location) {
            try MemoryPaths(root: "/r", vectorFile: relative)
        }
    }

    @Test func `paths lie below the root`() throws {
        let paths = try MemoryPaths(root: "/r/x/../y/", database: "m//kv.sqlite")
        #expect(paths.root == "/r/y")
        #expect(paths.database == "/r/y/m/kv.sqlite")
        #expect(paths.timeline == "/r/y/memory/timeline.ndjson")
        #expect(paths.vectorFile == "/r/y/memory/vector.faiss")
        #expect(paths.folder == "/r/y/m" && paths.lock == "/r/y/m/LOCK")
        #expect(paths.runs == "/r/y/m/runs")
        #expect(try MemoryPaths(root: "/").database == "/memory/kv.sqlite")
    }

    @Test func `paths that leave the root are refused`() {
        for path in ["", "/", "/etc/passwd", "..", "../x", "a/../b", "a/..", "a/../../b", "//x"] {
            refuse(path)
        }
    }

    @Test func `names that only look like climbing are fine`() throws {
        #expect(try MemoryPaths(root: "/r", database: "..a/b..").database == "/r/..a/b..")
        #expect(try MemoryPaths(root: "/r", database: ".../x").database == "/r/.../x")
    }

    /// Swift takes a slash with an accent after it for one character, the system climbs.
    @Test(arguments: [
        "../\u{301}evil", "a/../\u{200D}evil", "..\u{2F}\u{FE0F}x", "a/\u{301}/../../x",
    ])
    func `a slash is a slash whatever follows it`(path: String) {
        refuse(path)
    }
}

struct RunIDTests {
    private func check(
        _ name: String, _ isAllowed: Bool, at location: SourceLocation = #_sourceLocation
    ) {
        #expect((RunID(rawValue: name) != nil) == isAllowed, "\(name)", sourceLocation: location)
    }

    @Test func `letters, digits and a few marks are allowed`() {
        for name in ["a", "0", "2026-11-23_x.1", "a..", "a-", String(repeating: "a", count: 64)] {
            check(name, true)
        }
    }

    @Test func `what could be a path or a surprise is not`() {
        for name in [
            "", ".", "..", ".a", "-a", "_a", "A", "aB", "a/b", "a\\b", "a b", "a\n", "\na", "a\0",
            "é", "aé", "e\u{301}", "a\u{301}", "a\u{200D}", "１", "ſ", "a:b", "~", "*",
            String(repeating: "a", count: 65),
        ] {
            check(name, false)
        }
    }

    @Test func `a run's files lie in its folder`() throws {
        let folder = try TemporaryFolder()
        let run = RunFolder(
            try #require(RunID(rawValue: "r1")), in: try MemoryPaths(root: folder.path))
        #expect(run.path == folder.path + "/memory/runs/r1" && run.id.description == "r1")
        #expect(!run.exists)
        try run.write([("plan.md", Array("p".utf8)), ("plan.lock.json", [])])
        #expect(run.exists)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
        #expect(names == ["plan.lock.json", "plan.md"])
    }
}
