import Foundation
import Retrieval
import TestSupport
import Testing

/// Between places in the file system and the paths that a memory stores.
@Suite struct RootedPathsTests {
    @Test func `places below the root are stored relative to it, others whole`() throws {
        let room = try MemoryRoom(["docs/a.md": "x"])
        let paths = room.paths
        let root = room.folder.path
        for (place, expected) in [
            (root, "."), (root + "/", "."), (root + "/.", "."), (root + "/docs", "docs"),
            (root + "/docs/", "docs"), (root + "/docs/a.md", "docs/a.md"),
            (root + "/docs/../docs/a.md", "docs/a.md"), (root + "/gone/b.md", "gone/b.md"),
            (root + "x/a.md", root + "x/a.md"), ("/", "/"), ("/etc/hosts", "/etc/hosts"),
        ] {
            #expect(paths.stored(place) == expected, "\(place)")
        }
        for stored in [".", "docs", "docs/a.md", "gone/b.md", "/", "/etc/hosts"] {
            #expect(paths.stored(paths.location(of: stored)) == stored, "\(stored)")
        }
    }

    @Test func `the root of everything is a root too`() {
        let paths = RootedPaths(root: "/")
        #expect(paths.stored("/") == ".")
        #expect(paths.stored("/etc") == "etc")
        #expect(paths.location(of: "etc") == "/etc")
        #expect(paths.location(of: ".") == "/")
    }

    @Test func `links are resolved, of the root and of the place`() throws {
        let room = try MemoryRoom(["docs/a.md": "x"])
        let links = try TemporaryFolder()
        let link = links.path + "/root"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: room.folder.path)
        #expect(RootedPaths(root: link) == room.paths)
        #expect(room.paths.stored(link + "/docs/a.md") == "docs/a.md")
        // Also where the file itself is gone.
        #expect(room.paths.stored(link + "/docs/gone.md") == "docs/gone.md")
    }
}
