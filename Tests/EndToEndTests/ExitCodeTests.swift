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
    ) async throws {
        let line = arguments.map { "'\($0)'" }.joined(separator: " ")
        let plain = try await conductor.shell("\"$CONDUCTOR\" \(line)")
        #expect(plain.status == status, "\(line): \(plain.errors)", sourceLocation: sourceLocation)
        guard let code else { return }
        #expect(plain.output.isEmpty, "\(line)", sourceLocation: sourceLocation)
        #expect(!plain.errors.isEmpty, "\(line)", sourceLocation: sourceLocation)
        let json = try await conductor.shell("\"$CONDUCTOR\" \(line) --json")
        #expect(json.status == status, "\(line)", sourceLocation: sourceLocation)
        let error = try json.json()["error"] as? [String: Any]
        #expect(error?["code"] as? String == code, "\(line)", sourceLocation: sourceLocation)
        #expect(
            Set(error.map { Array($0.keys) } ?? []) == ["code", "message", "next", "details"],
            sourceLocation: sourceLocation)
    }

    @Test func `help and version are no failures`() async throws {
        try await check(0, "--help")
        try await check(0, "--version")
        try await check(0, "help", "search")
        for command in [
            "index", "search", "get", "kv", "context", "plan", "status", "embed", "eval", "serve",
            "mcp",
        ] {
            try await check(0, command, "--help")
        }
    }

    @Test func `usage errors exit 2`() async throws {
        try await check(2, code: "USAGE", "serach", "x")
        try await check(2, code: "USAGE", "search", "x", "--limt", "3")
        try await check(2, code: "USAGE", "search")
        try await check(2, code: "USAGE", "search", "x", "-n", "0")
        try await check(2, code: "USAGE", "search", "x", "--mode", "fuzzy")
        try await check(2, code: "USAGE", "plan", "x", "--run", "../x")
        try await check(2, code: "USAGE", "plan", "x", "--planner", "gpt:4")
        try await check(2, code: "USAGE", "serve", "--host", "0.0.0.0")
        try await check(2, code: "USAGE", "serve", "--port", "70000")
        let unknown = try await conductor.run("search", "x", "--limt", "3")
        #expect(unknown.errors.contains("--limit"), "a suggestion")
    }

    @Test func `what is not there exits 5`() async throws {
        try await check(5, code: "NOT_INDEXED", "search", "x")
        try await check(5, code: "NOT_INDEXED", "status")
        try await check(5, code: "NOT_FOUND", "index", "no/such/folder")
        try await check(5, code: "NOT_FOUND", "get", "no/such/file.md")
        try await check(5, code: "NOT_FOUND", "get", "README.md:99999")
        try await check(5, code: "NOT_FOUND", "--root", "no/such/root", "status")
        #expect(try await conductor.run("kv", "set", "a", "b").status == 0)
        try await check(5, code: "NOT_FOUND", "kv", "get", "nothing")
        try await check(5, code: "NOT_FOUND", "kv", "delete", "nothing")
    }

    @Test func `no match exits 1, an empty query 2`() async throws {
        #expect(try await conductor.run("index").status == 0)
        try await check(1, "search", "zzzzqqqq")
        try await check(2, code: "USAGE", "search", " ")
    }

    @Test func `a second writer is told who is writing, and reading goes on`() async throws {
        #expect(try await conductor.run("index").status == 0)
        let lock = world.folder.path + "/memory/LOCK"
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/flock")
        holder.arguments = [lock, "sleep", "60"]
        try holder.run()
        defer { holder.terminate() }
        // Until the lock is held, `flock -n` by another process succeeds.
        while try await conductor.shell("flock -n memory/LOCK true").status == 0 {}
        try await check(6, code: "BUSY", "kv", "set", "a", "b")
        // Two runs, each within 2 s and a bit; the time of other tests does not count.
        let twice = try await conductor.shell(
            "timeout 6 bash -c '\"$CONDUCTOR\" kv set a b; \"$CONDUCTOR\" kv set a b'")
        #expect(twice.status == 6)
        #expect(try await conductor.run("search", "queue").status == 0)
    }

    @Test func `a model that is missing exits 7`() async throws {
        try await check(7, code: "MODEL_UNAVAILABLE", "embed", "x")
    }

    @Test func `global options stand before and behind the command`() async throws {
        let path = world.folder.path
        let elsewhere = BuiltBinary(in: "/", environment: ExampleWorld.withoutModel)
        #expect(
            try await elsewhere.run("--root", path, "--json", "index").json()["generation"] != nil)
        let before = try await elsewhere.run("--root", path, "--json", "kv", "list")
        let behind = try await elsewhere.run("kv", "list", "--json", "--root", path)
        #expect(before.status == 0 && before.output == behind.output)
        let agent = path + "/agents/conductor.md"
        #expect(try await elsewhere.run("--agent", agent, "status", "--root=\(path)").status == 0)
    }

    @Test func `ctrl-c exits 130`() async throws {
        for index in 0..<3000 {
            try world.folder.write("# \(index)\n\nword\(index) text\n", to: "docs/f\(index).md")
        }
        let process = try conductor.start(["index"])
        while !FileManager.default.fileExists(atPath: world.folder.path + "/memory/LOCK") {}
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try await conductor.run("index").status == 0)
    }
}
