import Foundation
import TestSupport
import Testing

/// Events stay whole, in the database and in the file.
@Suite(.serialized) struct TimelineTests {
    let folder: TemporaryFolder
    let conductor: BuiltBinary

    init() throws {
        folder = try TemporaryFolder()
        conductor = BuiltBinary(in: folder.path, environment: ExampleWorld.withoutModel)
    }

    private var file: URL { folder.url.appending(path: "memory/timeline.ndjson") }

    private func lines() throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func append(_ summary: String) async throws {
        let reply = try await conductor.run(
            "timeline", "append", "--agent", "Sweeper", "--action", "note", "--summary", summary,
            "--task-id", "T-1", "--artifact", "a.md")
        #expect(reply.status == 0, "\(reply.errors)")
    }

    @Test func `an event is a line of the file and is listed and found`() async throws {
        try await append("rotated the flux keys")
        let line = try #require(try lines().first)
        #expect(line.hasPrefix(#"{"ts":"2"#))
        #expect(line.contains(#""agent":"Sweeper","task_id":"T-1","action":"note""#))
        let json = try await conductor.run("timeline", "list", "--json").json()
        let events = try #require(json["events"] as? [[String: Any]])
        #expect(events.first?["artifacts"] as? [String] == ["a.md"])
        let hits = try await conductor.run("search", "flux keys", "--kind", "event", "--json")
            .json()
        let hit = try #require((hits["hits"] as? [[String: Any]])?.first)
        #expect(hit["path"] as? String == "memory/timeline.ndjson")
        #expect(hit["start_line"] as? Int == 1 && hit["stale"] as? Bool == false)
        #expect(
            try await conductor.run("get", "memory/timeline.ndjson:1").output.contains("flux keys"))
        #expect(try await conductor.run("timeline", "list", "--agent", "Nobody").output.isEmpty)
        #expect(
            try await conductor.run("context", "flux keys").output.contains("rotated the flux keys")
        )
    }

    @Test func `events come only where pages do not answer`() async throws {
        for index in 0..<3 { try await append("the queue was redriven \(index)") }
        for index in 0..<4 {
            try folder.write("# Page \(index)\n\nredriven queue\n", to: "docs/\(index).md")
        }
        #expect(try await conductor.run("index").status == 0)
        let json = try await conductor.run("search", "queue redriven", "--json").json()
        let kinds = (json["hits"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
        #expect(
            kinds == Array(repeating: "document", count: 4) + Array(repeating: "event", count: 3))
    }

    @Test func `a torn tail is moved aside and its event written again`() async throws {
        for index in 0..<3 { try await append("event \(index)") }
        let whole = try Data(contentsOf: file)
        for cut in [1, 20, whole.count / 2] {
            try whole.dropLast(cut).write(to: file)
            try await append("after \(cut)")
            let found = try lines()
            for index in 0..<3 { #expect(found[index].contains("event \(index)")) }
            #expect(try await conductor.run("timeline", "verify").status == 0)
            #expect(Set(found).count == found.count)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/memory")
        #expect(names.contains { $0.hasPrefix("timeline.torn-") })
    }

    @Test func `lines that others append are taken in, odd ones kept and counted`() async throws {
        try await append("mine")
        let foreign =
            "{\"ts\":\"2026-01-01T00:00:00Z\"}\n{\"ts\":\"2026-01-02\",\"event\":\"setup\",\"x\":[1]}\nnot json\n{\"ts\":\"2026-"
        let handle = try #require(FileHandle(forWritingAtPath: file.path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(foreign.utf8))
        try handle.close()
        try await append("mine again")
        #expect(try lines().count == 5)
        #expect(try lines()[3] == "not json")
        let check = try await conductor.run("timeline", "verify", "--json")
        #expect(check.status == 0)
        #expect(try check.json()["malformed"] as? Int == 1)
        #expect(try check.json()["events"] as? Int == 4)
        let json = try await conductor.run("timeline", "list", "--json").json()
        let events = try #require(json["events"] as? [[String: Any]])
        #expect(events.count == 4)
        #expect(events.contains { ($0["x"] as? [Int]) == [1] })
    }

    @Test func `an import is counted, kept and idempotent`() async throws {
        let file = try folder.write(
            "{\"ts\":\"2026-01-01T00:00:00Z\",\"summary\":\"a\"}\nbroken\n\n{\"ts\":\"2026-01-02\"}\n",
            to: "old.ndjson")
        let first = try await conductor.run("timeline", "import", file, "--json").json()
        #expect(first["imported"] as? Int == 2 && first["malformed"] as? Int == 1)
        let second = try await conductor.run("timeline", "import", file, "--json").json()
        #expect(second["imported"] as? Int == 0 && second["known"] as? Int == 3)
        #expect(try lines().count == 2)
        #expect(try await conductor.run("timeline", "verify").status == 0)
    }

    @Test func `an altered line is found`() async throws {
        for index in 0..<3 { try await append("event \(index)") }
        var text = try String(contentsOf: file, encoding: .utf8)
        text.replace("event 1", with: "event X")
        try Data(text.utf8).write(to: file)
        let check = try await conductor.run("timeline", "verify", "--json")
        #expect(check.status == 3)
        #expect(try check.json()["altered"] as? [Int] == [2])
    }

    @Test func `killing appends at any moment loses nothing acknowledged`() async throws {
        var generator = SeededGenerator(seed: 3)
        var acknowledged: [String] = []
        for round in 0..<60 {
            let summary = "event number \(round) " + String(repeating: "x", count: round * 37)
            let process = try conductor.start([
                "timeline", "append", "--agent", "A", "--action", "b", "--summary", summary,
            ])
            usleep(UInt32.random(in: 0...60_000, using: &generator))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit, process.terminationStatus == 0 {
                acknowledged.append(summary)
            }
        }
        try await append("the last")
        #expect(try await conductor.run("timeline", "verify").status == 0)
        for line in try lines() {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
        let text = try lines().joined()
        #expect(acknowledged.allSatisfy { text.contains("\"\($0)\"") })
        #expect(try lines().count == Set(try lines()).count)
    }
}
