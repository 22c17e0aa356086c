import Foundation
import TestSupport
import Testing

/// Filters, dates and trust of `search` at the terminal, over the example world.
@Suite struct SearchFilterTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
        #expect(try await conductor.run("index").status == 0)
    }

    private func hits(_ arguments: String...) async throws -> [[String: Any]] {
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let reply = try await conductor.shell(#""$CONDUCTOR" search \#(words) --json"#)
        #expect(reply.status == 0, "\(arguments): \(reply.errors)")
        return try #require(try reply.json()["hits"] as? [[String: Any]])
    }

    @Test func `a hit tells owner, dates and trust, judged by the day that is given`() async throws
    {
        for (day, freshness) in [("2026-09-30", "verified"), ("2026-10-01", "review_due")] {
            let hit = try #require(
                try await hits(
                    "vpc isolation", "--path", "runbooks/vpc-isolation.md", "--as-of", day
                )
                .first)
            #expect(hit["freshness"] as? String == freshness)
            #expect(hit["owner"] as? String == "sre")
            #expect(hit["review_by"] as? String == "2026-09-30")
            #expect(hit["trust"] as? String == "runbook")
            #expect(hit["verified_at"] as? String != nil)
        }
        // It was verified later.
        let earlier = try await conductor.run(
            "search", "vpc isolation", "--path", "runbooks/vpc-isolation.md", "--as-of", "2024")
        #expect(earlier.status == 1)
    }

    @Test func `tags and times narrow what is searched`() async throws {
        let tagged = try await hits("aurora", "--tag", "Aurora", "--tag", "failover", "-n", "50")
        #expect(
            Set(tagged.map { $0["path"] as? String }) == ["runbooks/aurora-pgvector-failover.md"])
        let recent = try await hits(
            "incident", "--since", "2026-11-01", "--until", "2026-11-05", "-n", "200")
        let dates = Set(recent.compactMap { $0["verified_at"] as? String })
        #expect(!dates.isEmpty && dates.allSatisfy { ("2026-11-01"..."2026-11-05").contains($0) })
        #expect(recent.allSatisfy { $0["verified_at"] != nil || $0["kind"] as? String == "event" })
        #expect(try await conductor.run("search", "incident", "--tag", "none").status == 1)
    }

    @Test func `times that are none, or that no time lies between, are a wrong use`() async throws {
        for arguments in [
            "--since yesterday", "--until 2026-13-01", "--as-of ''", "--since 2026 --until 2025",
            "--neighbours 21", "--neighbours -1",
        ] {
            let reply = try await conductor.shell(#""$CONDUCTOR" search x \#(arguments)"#)
            #expect(reply.status == 2, "\(arguments)")
            #expect(reply.output.isEmpty && !reply.errors.isEmpty)
        }
    }

    @Test func `a page that is replaced, and a copy, are told`() async throws {
        let text = "The frobnicator hangs; restart it with systemctl restart frob, then wait."
        for name in ["docs/one.md", "docs/two.md"] {
            try world.folder.write("# Frobnicator\n\n\(text)\n", to: name)
        }
        try world.folder.write(
            "---\ntitle: Frobnicator by hand\nsuperseded_by: one.md\n---\nThe frobnicator, frobnicator.\n",
            to: "docs/old.md")
        #expect(try await conductor.run("index").status == 0)
        let found = try await hits("frobnicator", "--neighbours", "2")
        #expect(found.map { $0["path"] as? String } == ["docs/one.md", "docs/old.md"])
        let copies = try #require(found[0]["also_at"] as? [[String: Any]])
        #expect(copies.map { $0["path"] as? String } == ["docs/two.md"])
        #expect(copies[0]["start_line"] as? Int == 1 && copies[0]["end_line"] as? Int == 3)
        #expect(found[0]["supersedes"] as? [String] == ["docs/old.md"])
        #expect(found[1]["superseded_by"] as? String == "docs/one.md")
        #expect((found[0]["neighbours"] as? [Any])?.isEmpty == true)
        let page = try await conductor.run("search", "frobnicator")
        #expect(page.output.contains("[superseded by docs/one.md]"))
        #expect(page.output.contains("also at docs/two.md:1-3"))
        let context = try await conductor.run("context", "restart the frobnicator")
        #expect(context.output.contains("(document, trust: page, unknown)"))
        #expect(context.output.contains("- docs/old.md:1-5: superseded by docs/one.md"))
        #expect(context.output.contains("- docs/two.md:1-3: says the same as docs/one.md:1-3"))
    }

    @Test func `events are found by their age`() async throws {
        #expect(
            try await conductor.run(
                "timeline", "append", "--agent", "me", "--action", "note", "--summary", "frob done"
            ).status == 0)
        for (arguments, count) in [("--since 1h", 1), ("--until 1h", 0), ("--as-of 1h", 0)] {
            let reply = try await conductor.shell(
                #""$CONDUCTOR" search frob --kind event --json \#(arguments)"#)
            #expect((try reply.json()["hits"] as? [Any])?.count == count, "\(arguments)")
        }
        let listed = try await conductor.run("timeline", "list", "--since", "1h", "--jsonl")
        #expect(listed.output.contains("frob done"))
        try world.folder.write(
            #"{"ts":"2020-01-01T00:00:00Z","summary":"long ago"}"# + "\n", to: "old.ndjson")
        #expect(try await conductor.run("timeline", "import", "old.ndjson").status == 0)
        let later = try await conductor.run("timeline", "list", "--since", "7d", "--jsonl")
        #expect(later.output.contains("frob done") && !later.output.contains("long ago"))
    }
}
