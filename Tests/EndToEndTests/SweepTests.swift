import Foundation
import TestSupport
import Testing

/// plan → retro → sweep → search, and the index that is published.
@Suite(.serialized) struct SweepTests {
    private func world() throws -> (ExampleWorld, BuiltBinary) {
        let world = try ExampleWorld()
        return (world, BuiltBinary(in: world.folder.path, environment: ExampleWorld.withoutModel))
    }

    @Test func `what a run learnt is found first`() async throws {
        let (world, conductor) = try world()
        #expect(try await conductor.run("index").status == 0)
        #expect(try await conductor.run("plan", "cut the S3 bill", "--run", "s3").status == 0)
        #expect(
            try await conductor.run("status", "s3", "--json").json()["state"] as? String
                == "planned")
        #expect(try await conductor.run("retro", "s3", "--json").json()["written"] as? Bool == true)
        #expect(
            try await conductor.run("status", "s3", "--json").json()["state"] as? String == "closed"
        )
        let page = try String(
            contentsOf: world.folder.url.appending(path: "memory/runs/s3/retrospective.md"),
            encoding: .utf8)
        #expect(page.hasPrefix("# Retrospective – s3\n") && page.contains("cut the S3 bill"))
        let line = try String(
            contentsOf: world.folder.url.appending(path: "memory/timeline.ndjson"), encoding: .utf8)
        for part in [
            #""agent":"Sweeper""#, #""task_id":"s3""#, #""action":"retrospective""#,
            #""artifacts":["memory/runs/s3/retrospective.md"]"#, #""refs":{"#, #""metrics":{"#,
        ] { #expect(line.contains(part), "\(part)") }
        #expect(try await conductor.run("sweep").status == 0)
        let json = try await conductor.run(
            "search", "what did we learn about the S3 bill", "--json"
        ).json()
        let hit = try #require((json["hits"] as? [[String: Any]])?.first)
        #expect(hit["path"] as? String == "memory/runs/s3/retrospective.md")
        #expect(hit["kind"] as? String == "retrospective")
    }

    @Test func `a retrospective is never written over`() async throws {
        let (world, conductor) = try world()
        #expect(try await conductor.run("index").status == 0)
        #expect(try await conductor.run("plan", "cut the S3 bill", "--run", "s3").status == 0)
        #expect(try await conductor.run("retro", "s3").status == 0)
        try world.folder.write("mine\n", to: "memory/runs/s3/retrospective.md")
        #expect(
            try await conductor.run("retro", "s3", "--json").json()["written"] as? Bool == false)
        #expect(try await conductor.run("sweep", "--retro", "s3").status == 0)
        #expect(
            try await conductor.run("get", "memory/runs/s3/retrospective.md").output.contains(
                "mine"))
        let events = try await conductor.run("timeline", "list", "--jsonl").output
        #expect(events.split(separator: "\n").count == 1)
        #expect(try await conductor.run("retro", "nothing").status == 5)
    }

    @Test func `one file of a thousand is touched alone`() async throws {
        let folder = try TemporaryFolder()
        let conductor = BuiltBinary(in: folder.path, environment: ExampleWorld.withoutModel)
        for index in 0..<1000 {
            try folder.write(
                "# Page \(index)\n\nbody of page\(index) here\n", to: "docs/p\(index).md")
        }
        func sweep() async throws -> [String: Int] {
            let json = try await conductor.run("sweep", "--json").json()
            let index = json["index"] as? [String: Any]
            return index?["documents"] as? [String: Int] ?? [:]
        }
        #expect(try await sweep()["added"] == 1000)
        #expect(
            try await sweep() == [
                "added": 0, "changed": 0, "removed": 0, "unchanged": 1000, "failed": 0,
            ])
        try folder.write("# Page 7\n\nsomething else\n", to: "docs/p7.md")
        #expect(
            try await sweep() == [
                "added": 0, "changed": 1, "removed": 0, "unchanged": 999, "failed": 0,
            ])
        try FileManager.default.moveItem(
            at: folder.url.appending(path: "docs/p8.md"),
            to: folder.url.appending(path: "docs/q8.md"))
        #expect(
            try await sweep() == [
                "added": 1, "changed": 0, "removed": 1, "unchanged": 999, "failed": 0,
            ])
        try FileManager.default.removeItem(at: folder.url.appending(path: "docs/p9.md"))
        #expect(
            try await sweep() == [
                "added": 0, "changed": 0, "removed": 1, "unchanged": 999, "failed": 0,
            ])
        #expect(try await conductor.run("search", "page9").status == 1)
        #expect(try await conductor.run("search", "page8").output.contains("docs/q8.md"))
        let dry = try await conductor.run("sweep", "--dry-run", "--json").json()
        #expect(dry["dry_run"] as? Bool == true)
    }

    @Test(
        .enabled(if: SharedData.model != nil, "the model is installed by make setup"),
        .enabled(if: SharedData.python != nil, "make test installs faiss-cpu"))
    func `FAISS opens what the sweep publishes and finds the same`() async throws {
        let world = try ExampleWorld()
        for name in ["playbooks", "docs"] {
            try FileManager.default.removeItem(at: world.folder.url.appending(path: name))
        }
        let conductor = BuiltBinary(in: world.folder.path)
        #expect(try await conductor.run("timeline", "import", "timeline.ndjson").status == 0)
        let report = try await conductor.run("sweep", "--json").json()
        #expect(report["published"] as? Bool == true)
        let again = try await conductor.run("sweep", "--json").json()
        #expect(again["published"] as? Bool == false)
        let script = """
            import json, os, subprocess, faiss, numpy
            index = faiss.read_index("memory/vector.faiss")
            assert type(index).__name__ == "IndexIDMap2", type(index)
            queries = [json.loads(line)["query"] for line in open("queries.jsonl")][:50]
            open("queries.txt", "w").write("\\n".join(queries) + "\\n")
            run = lambda *words: subprocess.run([os.environ["CONDUCTOR"], *words], check=True, capture_output=True, text=True).stdout
            run("embed", "--file", "queries.txt", "--npy", "queries.npy", "--windows")
            _, ids = index.search(numpy.load("queries.npy"), 10)
            for query, expected in zip(queries, ids):
                reply = json.loads(run("search", query, "--mode", "dense", "--json"))
                assert reply["coverage"]["embedded"] == index.ntotal == reply["coverage"]["chunks"]
                found = [hit["chunk_id"] for hit in reply["hits"]]
                assert found == list(expected), (query, found, list(expected))
            os.remove("runbooks/nat-gateway-cost.md")
            gone = {hit["chunk_id"] for hit in json.loads(run("search", "NAT gateway", "--path", "runbooks/nat*", "--json"))["hits"]}
            run("sweep")
            left = faiss.vector_to_array(faiss.read_index("memory/vector.faiss").id_map)
            assert gone and not gone & set(left.tolist())
            """
        let python = try #require(SharedData.python)
        let reply = try await conductor.shell("\(python) - <<'EOF'\n\(script)\nEOF")
        #expect(reply.status == 0, "\(reply.errors)")
    }
}
