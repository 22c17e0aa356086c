import Foundation
import TestSupport
import Testing

/// Searches whose hits a model puts in order, behind real sockets, through the built program.
@Suite struct RerankTests {
    let world: ExampleWorld

    init() async throws {
        world = try ExampleWorld()
        #expect(try await conductor().run("index").status == 0)
    }

    private func conductor(ollama: FakeService? = nil, claude: FakeService? = nil) -> BuiltBinary {
        BuiltBinary(
            in: world.folder.path,
            environment: ExampleWorld.withoutModel.merging([
                "ANTHROPIC_BASE_URL": claude?.url ?? "http://127.0.0.1:9",
                "OLLAMA_HOST": ollama?.url ?? "http://127.0.0.1:9",
                "ANTHROPIC_API_KEY": "sk-test-key-123456",
            ]) { $1 })
    }

    private func hits(_ reply: BuiltBinary.Result) throws -> [[String: Any]] {
        try #require(try reply.json()["hits"] as? [[String: Any]])
    }

    private static let query = ["search", "queue is filling up with failed messages", "--json"]

    @Test func `Ollama's and Claude's orders are taken`() async throws {
        let plain = try hits(try await conductor().run(Self.query))
        #expect(plain.allSatisfy { $0["search_rank"] == nil })
        let ollama = try FakeService { _, _ in ModelWire.ollama(#"{"order":[3,2]}"#) }
        let claude = try FakeService { _, _ in ModelWire.claude(#"{"order":[3,2]}"#) }
        for (model, service) in [("ollama:llama3.1", ollama), ("claude:latest", claude)] {
            let reply = try await conductor(ollama: ollama, claude: claude).run(
                Self.query + ["--rerank", model])
            #expect(reply.status == 0, "\(reply.errors)")
            let hits = try hits(reply)
            #expect(hits.map { $0["search_rank"] as? Int }.prefix(3) == [3, 2, 1])
            #expect(
                hits.prefix(2).map { $0["chunk_id"] as? Int }
                    == [2, 1].map { plain[$0]["chunk_id"] as? Int })
            let name = try #require(try reply.json()["reranked_by"] as? String)
            #expect(model.hasPrefix("claude") ? name == "claude:claude-sonnet-5" : name == model)
            #expect(reply.errors.contains("bytes to 127.0.0.1:\(service.port) for \(name)"))
            let body = String(decoding: try #require(service.requests.last).body, as: UTF8.self)
            #expect(
                body.contains("failed messages")
                    && body.contains(#""maximum""#) != model.hasPrefix("claude"))
        }
        let page = try await conductor(ollama: ollama).run(
            "search", Self.query[1], "--rerank", "ollama:llama3.1", "--explain")
        #expect(page.errors.contains("in the order of ollama:llama3.1"))
        #expect(page.output.contains("; #3 of the search"))
    }

    @Test func `a model that does not answer leaves the search's order`() async throws {
        let plain = try hits(try await conductor().run(Self.query))
        let reply = try await conductor().run(Self.query + ["--rerank", "ollama:llama3.1"])
        #expect(reply.status == 0)
        #expect(
            try hits(reply).map { $0["chunk_id"] as? Int } == plain.map { $0["chunk_id"] as? Int })
        let degraded = try #require(try reply.json()["degraded"] as? [String])
        #expect(degraded.contains { $0.contains("ollama:llama3.1 gave none") })
        let strict = try await conductor().run(
            Self.query + ["--rerank", "ollama:llama3.1", "--strict", "--mode", "lexical"])
        #expect(strict.status == 7 && strict.output.contains("MODEL_UNAVAILABLE"))
    }

    @Test(arguments: [
        ["--rerank", "gpt"], ["--rerank", "offline"], ["--rerank", "primary", "--mode", "dense"],
        ["--deadline", "0"],
    ])
    func `what no model can do is refused`(options: [String]) async throws {
        #expect(try await conductor().run(Self.query + options).status == 2)
    }

    @Test func `an evaluation measures what a model's order gains`() async throws {
        // The first hit of another page than the first one's.
        let paths = try hits(try await conductor().run(Self.query)).compactMap {
            $0["path"] as? String
        }
        let place = try #require(paths.firstIndex { $0 != paths[0] })
        try world.folder.write(
            #"{"query":"\#(Self.query[1])","relevant":["\#(paths[place])"]}"# + "\n",
            to: "mine.jsonl")
        let plain = try await conductor().run("eval", "--queries", "mine.jsonl", "--json")
        #expect(try plain.json()["mrr@10"] as? Double == 0.5)
        let ollama = try FakeService { _, _ in ModelWire.ollama(#"{"order":[\#(place + 1)]}"#) }
        let reply = try await conductor(ollama: ollama).run(
            "eval", "--queries", "mine.jsonl", "--rerank", "ollama:llama3.1", "--json")
        #expect(reply.status == 0, "\(reply.errors)")
        #expect(reply.output.contains("1 of 1 queries were reranked by ollama:llama3.1"))
        #expect(ollama.requests.count == 1)
        #expect(try reply.json()["mrr@10"] as? Double == 1)
        let tuned = try await conductor(ollama: ollama).run(
            "eval", "--queries", "mine.jsonl", "--rerank", "ollama:llama3.1", "--tune")
        #expect(tuned.status == 2)
    }
}
