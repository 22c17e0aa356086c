import Foundation
import TestSupport
import Testing

/// Exit codes and errors are part of the interface.
@Suite struct ExitCodeTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
    }

    private func check(
        _ status: Int32, code: String? = nil, _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let line = arguments.map { "'\($0)'" }.joined(separator: " ")
        let plain = try conductor.shell("\"$CONDUCTOR\" \(line)")
        #expect(plain.status == status, "\(line): \(plain.errors)", sourceLocation: sourceLocation)
        guard let code else { return }
        #expect(plain.output.isEmpty, "\(line)", sourceLocation: sourceLocation)
        #expect(!plain.errors.isEmpty, "\(line)", sourceLocation: sourceLocation)
        let json = try conductor.shell("\"$CONDUCTOR\" \(line) --json")
        #expect(json.status == status, "\(line)", sourceLocation: sourceLocation)
        let error = try json.json()["error"] as? [String: Any]
        #expect(error?["code"] as? String == code, "\(line)", sourceLocation: sourceLocation)
        #expect(
            Set(error.map { Array($0.keys) } ?? []) == ["code", "message", "next", "details"],
            sourceLocation: sourceLocation)
    }

    @Test func `help and version are no failures`() throws {
        try check(0, "--help")
        try check(0, "--version")
        try check(0, "help", "search")
        for command in ["index", "search", "get", "kv", "context", "plan", "status", "embed"] {
            try check(0, command, "--help")
        }
    }

    @Test func `usage errors exit 2`() throws {
        try check(2, code: "USAGE", "serach", "x")
        try check(2, code: "USAGE", "search", "x", "--limt", "3")
        try check(2, code: "USAGE", "search")
        try check(2, code: "USAGE", "search", "x", "-n", "0")
        try check(2, code: "USAGE", "search", "x", "--mode", "fuzzy")
        try check(2, code: "USAGE", "plan", "x", "--run", "../x")
        let unknown = try conductor.run("search", "x", "--limt", "3")
        #expect(unknown.errors.contains("--limit"), "a suggestion")
    }

    @Test func `what is not there exits 5`() throws {
        try check(5, code: "NOT_INDEXED", "search", "x")
        try check(5, code: "NOT_INDEXED", "status")
        try check(5, code: "NOT_FOUND", "index", "no/such/folder")
        try check(5, code: "NOT_FOUND", "get", "no/such/file.md")
        try check(5, code: "NOT_FOUND", "get", "README.md:99999")
        try check(5, code: "NOT_FOUND", "--root", "no/such/root", "status")
        #expect(try conductor.run("kv", "set", "a", "b").status == 0)
        try check(5, code: "NOT_FOUND", "kv", "get", "nothing")
        try check(5, code: "NOT_FOUND", "kv", "delete", "nothing")
    }

    @Test func `no match exits 1, an empty query 2`() throws {
        #expect(try conductor.run("index").status == 0)
        try check(1, "search", "zzzzqqqq")
        try check(2, code: "USAGE", "search", " ")
    }

    @Test func `a second writer is told who is writing, and reading goes on`() throws {
        #expect(try conductor.run("index").status == 0)
        let lock = world.folder.path + "/memory/LOCK"
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/flock")
        holder.arguments = [lock, "sleep", "60"]
        try holder.run()
        defer { holder.terminate() }
        // Until the lock is held, `flock -n` by another process succeeds.
        while try conductor.shell("flock -n memory/LOCK true").status == 0 {}
        let start = ContinuousClock.now
        try check(6, code: "BUSY", "kv", "set", "a", "b")
        #expect(ContinuousClock.now - start < .seconds(6), "two runs, each within 2 s and a bit")
        #expect(try conductor.run("search", "queue").status == 0)
    }

    @Test func `a model that is missing exits 7`() throws {
        try check(7, code: "MODEL_UNAVAILABLE", "embed", "x")
        try check(7, code: "MODEL_UNAVAILABLE", "plan", "x", "--planner", "primary")
    }

    @Test func `global options stand before and behind the command`() throws {
        let path = world.folder.path
        let elsewhere = BuiltBinary(in: "/", environment: ExampleWorld.withoutModel)
        #expect(try elsewhere.run("--root", path, "--json", "index").json()["generation"] != nil)
        let before = try elsewhere.run("--root", path, "--json", "kv", "list")
        let behind = try elsewhere.run("kv", "list", "--json", "--root", path)
        #expect(before.status == 0 && before.output == behind.output)
        let agent = path + "/agents/conductor.md"
        #expect(try elsewhere.run("--agent", agent, "status", "--root=\(path)").status == 0)
    }

    @Test func `ctrl-c exits 130`() throws {
        for index in 0..<3000 {
            try world.folder.write("# \(index)\n\nword\(index) text\n", to: "docs/f\(index).md")
        }
        let process = try conductor.start(["index"])
        while !FileManager.default.fileExists(atPath: world.folder.path + "/memory/LOCK") {}
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try conductor.run("index").status == 0)
    }
}
