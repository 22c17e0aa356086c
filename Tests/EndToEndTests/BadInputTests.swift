import Foundation
import TestSupport
import Testing

/// Odd files give a diagnostic each and lose nothing.
@Suite struct BadInputTests {
    let folder: TemporaryFolder
    let conductor: BuiltBinary

    init() throws {
        folder = try TemporaryFolder()
        conductor = BuiltBinary(in: folder.path, environment: ExampleWorld.withoutModel)
    }

    private func index(_ arguments: String...) async throws -> [String: Any] {
        let line = (["index"] + arguments).joined(separator: " ")
        let reply = try await conductor.shell("\"$CONDUCTOR\" \(line) --json")
        #expect(reply.status == 0, "\(reply.errors)")
        return try reply.json()
    }

    private func codes(_ report: [String: Any]) -> Set<String> {
        let remarks = report["diagnostics"] as? [[String: Any]] ?? []
        return Set(remarks.compactMap { $0["code"] as? String })
    }

    @Test func `odd files are told apart and the good ones are found`() async throws {
        try folder.write("# Good\n\nThe flux capacitor hums.\n", to: "w/good.md")
        try folder.write(Array("# Bin\n\n".utf8) + [0, 1, 2], to: "w/nul.md")
        try folder.write(Array("# Latin\n\ncaf".utf8) + [0xE9, 0x0A], to: "w/latin.md")
        try folder.write(
            "# Long\n\n" + String(repeating: "needle ", count: 150_000), to: "w/long.md")
        try folder.write([UInt8](repeating: 0x61, count: 5 << 20), to: "w/huge.md")
        try folder.write("", to: "w/empty.md")
        try folder.write("---\ntitle: [oops\n---\n# Broken front matter\n", to: "w/front.md")
        try folder.write([0x89, 0x50], to: "w/picture.png")
        try folder.write("w/secret\n*.ignored.md\n", to: "w/.gitignore")
        try folder.write("# No\n", to: "w/x.ignored.md")
        #expect(
            try await conductor.shell("ln -s good.md w/link.md && mkfifo w/pipe.md").status == 0)
        let report = try await index("w")
        #expect(
            codes(report) == [
                "binary", "invalid_utf8", "too_large", "empty", "front_matter", "unsupported_type",
                "ignored", "symlink", "special",
            ])
        let documents = try #require(report["documents"] as? [String: Int])
        #expect(documents["added"] == 5)
        #expect(
            try await conductor.run("search", "flux capacitor").output.contains("w/good.md:1-3"))
        #expect(try await conductor.run("search", "latin caf").status == 0)
        let needle = try await conductor.run("search", "needle", "--json").json()
        let hits = try #require(needle["hits"] as? [[String: Any]])
        #expect(hits.allSatisfy { ($0["snippet"] as? String ?? "").count < 600 })
        #expect(hits.first?["path"] as? String == "w/long.md")
    }

    @Test func `an empty folder is indexed as nothing`() async throws {
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "void"), withIntermediateDirectories: true)
        let report = try await index("void")
        #expect(report["generation"] as? Int == 0)
        #expect(try await conductor.run("search", "anything").status == 1)
    }

    @Test func `a second run changes nothing and a later one only what changed`() async throws {
        for name in ["a", "b", "c"] {
            try folder.write("# \(name)\n\ntext \(name)\n", to: "w/\(name).md")
        }
        let first = try await index("w")
        let second = try await index("w")
        #expect(second["generation"] as? Int == first["generation"] as? Int)
        #expect((second["documents"] as? [String: Int])?["unchanged"] == 3)
        try folder.write("# b\n\nother\n", to: "w/b.md")
        try FileManager.default.removeItem(at: folder.url.appending(path: "w/c.md"))
        let third = try await index()
        #expect((third["documents"] as? [String: Int])?["changed"] == 1)
        #expect((third["documents"] as? [String: Int])?["removed"] == 1)
        #expect(try await conductor.run("search", "c", "--path", "w/c.md").status == 1)
    }

    @Test func `indexing one root never drops another`() async throws {
        try folder.write("# One\n\nalpha\n", to: "one/a.md")
        try folder.write("# Two\n\nbeta\n", to: "two/b.md")
        _ = try await index("one")
        _ = try await index("two")
        _ = try await index("one")
        #expect(try await conductor.run("search", "alpha").status == 0)
        #expect(try await conductor.run("search", "beta").status == 0)
    }

    @Test func `text from files cannot steer a terminal`() async throws {
        try folder.write("# Evil\n\nmarker \u{1B}]0;owned\u{7} \u{202E}txt\n", to: "w/evil.md")
        _ = try await index("w")
        let reply = try await conductor.run("search", "marker")
        #expect(reply.status == 0)
        #expect(!reply.output.contains("\u{1B}") && !reply.output.contains("\u{202E}"))
        #expect(!(try await conductor.run("get", "w/evil.md").output.contains("\u{1B}")))
    }
}
