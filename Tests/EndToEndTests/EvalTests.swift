import Foundation
import TestSupport
import Testing

/// `eval`: a set in BEIR's layout, or one's own queries.
@Suite struct EvalTests {
    let world: ExampleWorld
    let scratch: TemporaryFolder
    let conductor: BuiltBinary

    init() throws {
        world = try ExampleWorld()
        scratch = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/tmp", withIntermediateDirectories: true)
        conductor = BuiltBinary(
            in: world.folder.path,
            environment: ExampleWorld.withoutModel.merging([
                "TMPDIR": scratch.path + "/tmp", "XDG_CACHE_HOME": scratch.path + "/cache",
            ]) { $1 })
        try scratch.write(
            """
            {"_id":"a","title":"Kettles","text":"Water boils."}
            {"_id":"b","title":"Lamps","text":"A lantern flickers."}

            """, to: "set/corpus.jsonl")
        try scratch.write(
            """
            {"_id":"1","text":"kettles"}
            {"_id":"2","text":"what flickers"}

            """, to: "set/queries.jsonl")
        try scratch.write("q\td\ts\n1\ta\t2\n2\ta\t1\n2\tb\t1\n", to: "set/qrels.tsv")
    }

    private var set: String { scratch.path + "/set" }

    /// Files below a folder.
    private func files(_ folder: String) -> [String] {
        FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }.sorted() ?? []
    }

    @Test func `a set is measured and leaves nothing behind`() async throws {
        let before = files(world.folder.path)
        let reply = try await conductor.run("eval", "--set", set, "--json")
        #expect(reply.status == 0, "\(reply.errors)")
        let json = try reply.json()
        // 1, and 1 / (1 + 1 / log2 3): one of two relevant ones, first.
        let expected = (1 + 1 / (1 + 1 / log2(3.0))) / 2
        #expect(abs((json["ndcg@10"] as? Double ?? 0) - expected) < 1e-9)
        #expect(json["recall@10"] as? Double == 0.75 && json["recall@100"] as? Double == 0.75)
        #expect(json["mrr@10"] as? Double == 1 && json["queries"] as? Int == 2)
        #expect(json["seconds"] as? Double ?? 0 > 0 && json["mode"] as? String == "lexical")
        let channels = json["channels"] as? [String: [String: Any]]
        #expect(channels?["lexical"]?["ndcg@10"] as? Double == json["ndcg@10"] as? Double)
        #expect((json["degraded"] as? [String])?.count == 1 && json["standard_error"] != nil)
        #expect(files(world.folder.path) == before)
        #expect(files(scratch.path + "/tmp").isEmpty)
    }

    @Test func `a figure that is not reached exits with 3`() async throws {
        let reached = try await conductor.run("eval", "--set", set, "--min-ndcg", "0.7")
        #expect(reached.status == 0, "\(reached.errors)")
        let missed = try await conductor.run("eval", "--set", set, "--min-ndcg", "0.9", "--json")
        #expect(missed.status == 3 && missed.errors.contains("less than 0.9"))
        #expect(try missed.json()["queries"] as? Int == 2)
    }

    @Test func `runs are saved, compared and reported`() async throws {
        let run = scratch.path + "/run.json"
        let report = scratch.path + "/report"
        #expect(try await conductor.run("eval", "--set", set, "--save", run).status == 0)
        let again = try await conductor.run(
            "eval", "--set", set, "--compare", run, "--report", report, "--tune")
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output.contains("no difference beyond noise"))
        #expect(again.output.contains("nothing to tune"))
        #expect(files(report) == ["differences.svg", "figures.svg", "report.md", "run.json"])
    }

    @Test func `bad input is named and exits by its kind`() async throws {
        #expect(try await conductor.run("eval").status == 2)
        let both = try await conductor.run("eval", "--set", set, "--queries", "queries.jsonl")
        #expect(both.status == 2)
        #expect(try await conductor.run("eval", "--set", set, "--min-ndcg", "7").status == 2)
        #expect(try await conductor.run("eval", "--set", scratch.path + "/none").status == 5)
        let dense = try await conductor.run("eval", "--set", set, "--mode", "dense")
        #expect(dense.status == 7, "\(dense.errors)")
        let named = try await conductor.run("eval", "--set", set, "--embedder", "no-such-model")
        #expect(named.status == 7, "\(named.errors)")
        try scratch.write("{}", to: "bad.json")
        for option in ["--compare", "--parameters"] {
            let bad = try await conductor.run(
                "eval", "--set", set, option, scratch.path + "/bad.json", "--json")
            #expect(bad.status == 1 && bad.output.contains("BAD_FILE"), "\(bad.output)")
        }
        try scratch.write("{\"_id\":\"a\",\"text\":\"x\"}\n{oops\n", to: "set/corpus.jsonl")
        let line = try await conductor.run("eval", "--set", set)
        #expect(line.status == 1 && line.errors.contains("corpus.jsonl:2: not JSON"))
    }

    @Test func `one's own queries ask the memory`() async throws {
        #expect(try await conductor.run("index").status == 0)
        let before = try await conductor.run("status", "--json").output
        let reply = try await conductor.run("eval", "--queries", "queries.jsonl", "--json")
        let json = try reply.json()
        #expect(reply.status == 0 && json["queries"] as? Int ?? 0 >= 100, "\(reply.errors)")
        #expect(json["recall@5"] as? Double ?? 0 > 0.5)
        #expect((json["kinds"] as? [String: Any])?.isEmpty == false)
        #expect(try await conductor.run("status", "--json").output == before)
    }

    @Test func `an interrupted run leaves nothing behind`() async throws {
        let page = String(repeating: "words and more words in a line of text. ", count: 300)
        let corpus = (0..<3000).map { "{\"_id\":\"\($0)\",\"text\":\"\(page)\"}" }
        try scratch.write(corpus.joined(separator: "\n"), to: "set/corpus.jsonl")
        // It is interrupted as soon as its memory is there, long before it can be done.
        let reply = try await conductor.shell(
            """
            "$CONDUCTOR" eval --set '\(set)' >/dev/null & pid=$!
            until ls "$TMPDIR"/conductor-eval-*/memory/kv.sqlite >/dev/null 2>&1; do
                kill -0 $pid || exit 9
            done
            kill -TERM $pid; wait $pid
            """)
        #expect(reply.status == 128 + 15, "\(reply.errors)")
        #expect(files(scratch.path + "/tmp").isEmpty)
    }
}
