import Foundation
import TestSupport
import Testing

/// `embed`, and the embedder that a memory keeps.
@Suite(.enabled(if: SharedData.model != nil, "the model is installed by make setup"))
struct EmbedTests {
    let world: ExampleWorld
    let conductor: BuiltBinary

    init() throws {
        world = try ExampleWorld()
        conductor = BuiltBinary(in: world.folder.path)
    }

    private func cosine(_ first: [String: Any], _ second: [String: Any]) throws -> Double {
        let (first, second) = (
            try #require((first["vectors"] as? [[Double]])?.first),
            try #require((second["vectors"] as? [[Double]])?.first)
        )
        return zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func `the default is int8, near to f32`() async throws {
        let text = "pods stuck in CrashLoopBackOff"
        let usual = try await conductor.run("embed", text, "--json").json()
        let int8 = try await conductor.run(
            "embed", text, "--embedder", "all-minilm-l6-v2/int8", "--json"
        ).json()
        let single = try await conductor.run(
            "embed", text, "--embedder", "all-minilm-l6-v2/fp32", "--json"
        ).json()
        #expect(usual["embedder"] as? String == int8["embedder"] as? String)
        #expect(usual["embedder"] as? String != single["embedder"] as? String)
        #expect(try cosine(usual, int8) > 0.999999)
        let near = try cosine(usual, single)
        #expect(near >= 0.998 && near < 0.999999)
        #expect(usual["seconds"] as? Double ?? 0 > 0)
    }

    @Test func `cut texts are named, many of them counted`() async throws {
        let long = String(repeating: "queue ", count: 300)
        let one = try await conductor.run("embed", "short", long, "--json")
        #expect(one.errors.contains("text 2 has 302 tokens; the last 46 were cut"))
        #expect(try one.json()["tokens"] as? [Int] == [3, 302])
        try world.folder.write(String(repeating: long + "\n", count: 9), to: "long.txt")
        let many = try await conductor.run("embed", "--file", "long.txt", "--json")
        #expect(many.errors.contains("9 texts were cut, \(9 * 46) tokens in all"))
        #expect(!many.errors.contains("text 6 has"))
        let windows = try await conductor.run("embed", "--file", "long.txt", "--windows", "--json")
        #expect(!windows.errors.contains("cut"))
    }

    @Test func `times are told when they are asked for`() async throws {
        let reply = try await conductor.run("embed", "queue", "--repeat", "3", "--json")
        let times = try #require(try reply.json()["times"] as? [String: Any])
        #expect(times["rounds"] as? Int == 3 && times["median_ms"] as? Double ?? 0 > 0)
        #expect(reply.errors.contains("3 rounds: first"))
        #expect(try await conductor.run("embed", "queue", "--repeat", "0").status == 2)
    }

    @Test(arguments: ["../etc", "all-minilm-l6-v2/int4", "", "a/b/c", ".", "ollama:"])
    func `an ID of another form is a usage error`(id: String) async throws {
        let reply = try await conductor.run("embed", "x", "--embedder", id, "--json")
        #expect(reply.status == 2, "\(id): \(reply.errors)")
    }

    @Test func `a model that is not installed is named with the next command`() async throws {
        let reply = try await conductor.run("embed", "x", "--embedder", "no-such-model")
        #expect(reply.status == 7)
        #expect(reply.errors.contains("no-such-model") && reply.errors.contains("make setup"))
    }

    @Test(
        .enabled(if: SharedData.staticModel != nil, "wordllama-256 is optional in the set-up"))
    func `a memory keeps the embedder that it was indexed with`() async throws {
        #expect(
            try await conductor.run("index", "--embedder", "wordllama-256").status == 0)
        let reply = try await conductor.run(
            "search", "rotate the payment keys", "--mode", "dense", "--json")
        #expect(reply.status == 0)
        let status = try await conductor.run("status", "--json").json()
        #expect((status["embedder"] as? String)?.hasPrefix("wordllama-256:") == true)
        try world.folder.write("# New\n\nA page.\n", to: "docs/new.md")
        let again = try await conductor.run("index", "--json").json()
        let coverage = try #require(again["coverage"] as? [String: Int])
        #expect(coverage["chunks"] == coverage["embedded"])
        let later = try await conductor.run("status", "--json").json()
        #expect(later["embedder"] as? String == status["embedder"] as? String)
    }
}
