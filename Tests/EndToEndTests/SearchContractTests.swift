import Foundation
import TestSupport
import Testing

/// What scripts rely on in `search` and `get`.
@Suite struct SearchContractTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() async throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel)
        #expect(try await conductor.run("index").status == 0)
    }

    @Test func `a reply has the members of the interface`() async throws {
        let reply = try await conductor.run(
            "search", "container keeps crashing with CrashLoopBackOff", "--json")
        #expect(reply.status == 0)
        let json = try reply.json()
        #expect(
            Set(json.keys) == [
                "query", "shape", "mode", "generation", "indexed_at", "coverage", "degraded",
                "hits",
            ])
        let hits = try #require(json["hits"] as? [[String: Any]])
        #expect(hits.count == 10)
        for (index, hit) in hits.enumerated() {
            #expect(hit["rank"] as? Int == index + 1)
            let always: Set = [
                "rank", "score", "path", "start_line", "end_line", "title", "breadcrumb",
                "snippet", "hash", "docid", "collection", "kind", "freshness", "stale", "tokens",
                "chunk_id", "trust",
            ]
            let sometimes: Set = ["owner", "verified_at", "review_by"]
            #expect(Set(hit.keys).subtracting(sometimes) == always)
            let isRunbook = hit["kind"] as? String == "runbook"
            #expect(!isRunbook || sometimes.isSubset(of: hit.keys))
        }
        let scores = hits.compactMap { $0["score"] as? Double }
        #expect(scores == scores.sorted(by: >))
        #expect(hits[0]["path"] as? String == "runbooks/k8s-crashloop-and-oom.md")
    }

    @Test func `explain adds each channel's part`() async throws {
        let json = try await conductor.run("search", "sqs redrive", "--json", "--explain").json()
        let hits = try #require(json["hits"] as? [[String: Any]])
        let channels = try #require(hits.first?["channels"] as? [String: [String: Any]])
        #expect(channels["lexical"]?["rank"] as? Int == 1)
    }

    @Test func `get shows the very lines of every hit`() async throws {
        let json = try await conductor.run("search", "rotate the payment keys", "--json").json()
        for hit in try #require(json["hits"] as? [[String: Any]]) {
            let path = try #require(hit["path"] as? String)
            let start = try #require(hit["start_line"] as? Int)
            let end = try #require(hit["end_line"] as? Int)
            let file = try String(
                contentsOf: world.folder.url.appending(path: path), encoding: .utf8)
            let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
            let wanted = lines[(start - 1)..<end].joined(separator: "\n")
            let forms = ["\(path):\(start)-\(end)", "\(path):\(start):\(end - start + 1)"]
            for form in forms {
                let reply = try await conductor.run("get", form, "--json").json()
                #expect(reply["text"] as? String == wanted, "\(form)")
                #expect(reply["start_line"] as? Int == start)
                #expect(reply["hash"] as? String == hit["hash"] as? String)
            }
            let docid = try #require(hit["docid"] as? String)
            #expect(
                try await conductor.run("get", docid, "--json").json()["path"] as? String == path)
        }
    }

    @Test func `filters count before the hits are counted`() async throws {
        for (option, value, key) in [
            ("--collection", "playbooks", "collection"), ("--kind", "playbook", "kind"),
        ] {
            let json = try await conductor.run(
                "search", "incident", "--json", "-n", "5", option, value
            ).json()
            let hits = try #require(json["hits"] as? [[String: Any]])
            #expect(hits.count == 5)
            #expect(hits.allSatisfy { $0[key] as? String == value })
        }
        let json = try await conductor.run(
            "search", "incident", "--json", "--path", "playbooks/inc*.md"
        ).json()
        let hits = try #require(json["hits"] as? [[String: Any]])
        #expect(!hits.isEmpty)
        #expect(hits.allSatisfy { $0["path"] as? String == "playbooks/incident-response.md" })
    }

    @Test func `without a model words still find, and the reply says why`() async throws {
        let reply = try await conductor.run("search", "queue redrive", "--json")
        #expect(reply.status == 0)
        let json = try reply.json()
        #expect(json["mode"] as? String == "lexical")
        let degraded = try #require(json["degraded"] as? [String])
        #expect(degraded.first?.contains("model") == true)
        #expect(try await conductor.run("search", "queue", "--mode", "dense").status == 7)
        #expect(try await conductor.run("search", "queue", "--strict").status == 7)
    }

    @Test func `a changed file makes its hits stale`() async throws {
        try world.folder.write("# Redrive\n\nRedrive the queue.\n", to: "runbooks/new.md")
        #expect(try await conductor.run("index").status == 0)
        try world.folder.write("# Redrive\n\nOther words.\n", to: "runbooks/new.md")
        let json = try await conductor.run(
            "search", "redrive", "--json", "--path", "runbooks/new.md"
        ).json()
        let hits = try #require(json["hits"] as? [[String: Any]])
        #expect(hits.count == 1)
        #expect(hits.first?["stale"] as? Bool == true)
    }

    @Test func `a query comes from stdin`() async throws {
        let reply = try await conductor.run("search", "-", "--json", input: "sqs redrive\n")
        #expect(try reply.json()["query"] as? String == "sqs redrive")
    }

    @Test func `output to a pipe has no escapes and ends quietly`() async throws {
        let reply = try await conductor.shell(#""$CONDUCTOR" search queue | head -n 1"#)
        #expect(reply.status == 0)
        #expect(reply.output.split(separator: "\n").count == 1)
        #expect(!reply.output.contains("\u{1B}"))
        #expect(!reply.errors.contains("Fatal") && !reply.errors.contains("rror:"))
    }
}
