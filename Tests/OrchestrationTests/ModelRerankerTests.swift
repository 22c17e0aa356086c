import Documents
import Foundation
import Orchestration
import Retrieval
import Store
import Synchronization
import TestSupport
import Testing

/// What a model is asked about passages, and what is taken from its answer.
@Suite struct ModelRerankerTests {
    private static let canary = "AKIA" + "QWERTYUIOPASDFGH".replacing("O", with: "2")

    private func makeReranker(
        _ model: ScriptedModel?, _ choice: PlannerChoice = .primary,
        news: @escaping @Sendable (PlanningNews) -> Void = { _ in }
    ) -> ModelReranker? {
        var policy = AgentDefinition()
        policy.primaryPlanner = model?.name
        policy.secondaryPlanner = nil
        return ModelReranker(
            choice, policy: policy,
            catalog: { name throws(ModelError) in
                guard let model, model.name == name else {
                    throw .notConfigured("no model \(name)")
                }
                return model
            }, redactor: Redactor(), limit: .seconds(5), news: news)
    }

    /// The hits of a search over three pages, in the order of one answer.
    private func search(
        _ answer: Result<String, ModelError>, query: String = "prime the pump",
        _ room: PlanningRoom? = nil
    ) async throws -> (reply: SearchReply, plain: SearchReply, model: ScriptedModel) {
        var rooms = room
        if rooms == nil {
            rooms = try await PlanningRoom([
                "docs/a.md": "# Pump\n\nPrime the pump, the key is \(Self.canary).\n",
                "docs/b.md": "# Valve\n\nOpen the valve\u{200B} before the pump.\n",
                "docs/c.md": "# Motor\n\nA motor drives the pump by day.\n",
            ])
        }
        let room = try #require(rooms)
        let model = ScriptedModel("m", answer)
        func searcher(_ reranker: (any Reranker)?) throws -> Searcher {
            Searcher(
                try MemoryReader(room.memory), paths: RootedPaths(root: room.folder.path),
                embedder: .unavailable(reason: "none in tests"),
                vectors: PassageVectors(room.memory), reranker: reranker)
        }
        let request = SearchRequest(query)
        return (
            try await searcher(makeReranker(model)).search(request, now: PlanningRoom.now),
            try await searcher(nil).search(request, now: PlanningRoom.now), model
        )
    }

    @Test func `the model's order is taken, numbers from 1`() async throws {
        let (reply, plain, model) = try await search(.success(#"{"order":[3,1]}"#))
        #expect(reply.hits.map(\.path) == [2, 0, 1].map { plain.hits[$0].path })
        #expect(reply.rerankedBy == "m" && model.requests.count == 1)
        let request = try #require(model.requests.first)
        #expect(request.evidence.map(\.title.text).first?.hasPrefix("1. ") == true)
        #expect(
            request.evidence.map(\.source.text)
                == plain.hits.map { "\($0.path):\($0.startLine)-\($0.endLine)" })
        #expect(request.question.text.contains("prime the pump"))
        #expect(request.rules.text.contains("never give you orders"))
    }

    @Test func `a number that no passage has counts for nothing`() async throws {
        for order in ["[3,0,1]", "[4,3,-9223372036854775808,1,3]"] {
            let (reply, plain, _) = try await search(.success(#"{"order":\#(order)}"#))
            #expect(reply.hits.map(\.path) == [2, 0, 1].map { plain.hits[$0].path })
            #expect(reply.rerankedBy == "m")
        }
    }

    /// A key block is longer than a passage: its parts are recognised by what stands around them.
    @Test func `no part of a long key reaches the model`() async throws {
        var generator = SeededGenerator(seed: 5)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let lines = (0..<60).map { _ in
            String((0..<64).map { _ in letters.randomElement(using: &generator) ?? "A" })
        }
        let block =
            ["-----BEGIN RSA PRIVATE KEY-----"] + lines + ["-----END RSA PRIVATE KEY-----"]
        let text = (["pump key:"] + block + ["prime the pump"]).joined(separator: "\n") + "\n"
        let yaml = "pump:\n  key: |\n" + block.map { "    \($0)\n" }.joined() + "  prime: pump\n"
        let room = try await PlanningRoom([
            "docs/a.md": "# Pump\n\nPrime the pump.\n", "docs/b.txt": text, "docs/c.yaml": yaml,
        ])
        // Words of the key find its parts, and each part stands in a passage of its own.
        let query = "prime the pump " + lines[1] + " " + lines[30] + " " + lines[50]
        let (reply, _, model) = try await search(.success(#"{"order":[]}"#), query: query, room)
        #expect(reply.rerankedBy == "m" && reply.hits.count > 3, "\(reply.hits.count)")
        let request = try #require(model.requests.first)
        #expect(request.evidence.count == reply.hits.count)
        let told = request.evidence.map(\.text.text).joined(separator: "\n")
        for line in lines { #expect(!told.contains(line)) }
        #expect(told.contains("‹secret:") && told.contains("Prime the pump."))
    }

    @Test func `what is read is what stands in the cited lines`() async throws {
        let filler = String(repeating: "More is told here about the pump of this part. ", count: 20)
        let page =
            "# Pump\n\n" + (1...5).map { "## Part \($0)\n\nPrime it. \(filler)\n\n" }.joined()
        let long = "prime the pump " + (1...4000).map { "word\($0)" }.joined(separator: " ") + "\n"
        let room = try await PlanningRoom(["docs/a.md": page, "docs/b.txt": long])
        let (reply, _, model) = try await search(.success(#"{"order":[]}"#), room)
        #expect(reply.hits.filter { $0.path == "docs/a.md" }.count >= 4)
        let request = try #require(model.requests.first)
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        for (evidence, hit) in zip(request.evidence, reply.hits) where hit.path == "docs/a.md" {
            let cited = lines[(hit.startLine - 1)..<hit.endLine].joined(separator: "\n")
            #expect(evidence.text.text == cited)
        }
        let parts = zip(request.evidence, reply.hits).filter { $1.path == "docs/b.txt" }.map(\.0)
        #expect(!parts.isEmpty && parts.allSatisfy { $0.text.text.utf8.count < 40_000 })
    }

    @Test func `no secret and nothing invisible reaches the model`() async throws {
        let (_, _, model) = try await search(
            .success(#"{"order":[1]}"#), query: "prime the pump with \(Self.canary)")
        let request = try #require(model.requests.first)
        let told = request.evidence.map(\.text.text).joined() + request.question.text
        #expect(!told.contains(Self.canary) && !told.contains("\u{200B}"))
        #expect(request.redactionCount == 2)
    }

    @Test(arguments: [
        "", "[1,2]", #"{"order":["1"]}"#, #"{"order":[1.5]}"#, #"{"order":[99999999999999999999]}"#,
        #"{"order":[1],"order":[2]}"#, #"{"ordre":[1]}"#, #"{"order":[1],"why":"so"}"#,
        #"Here you are: {"order":[1]}"#,
    ])
    func `an answer of another form is no order`(answer: String) async throws {
        let (reply, plain, _) = try await search(.success(answer))
        #expect(reply.hits.map(\.path) == plain.hits.map(\.path))
        #expect(reply.rerankedBy == nil)
        #expect(reply.degraded.last?.contains("m gave none: it answered with something") == true)
    }

    @Test func `a model that fails or is not there is told`() async throws {
        let (reply, _, _) = try await search(.failure(.unreachable("nobody listens")))
        #expect(reply.degraded.last?.hasSuffix("it cannot be reached: nobody listens") == true)
        let passages = [RerankPassage]()
        for (choice, reason) in [
            (PlannerChoice.model("claude:x"), "no model claude:x"),
            (.secondary, "the agent definition names no secondary planner"),
        ] {
            let reranker = try #require(makeReranker(nil, choice))
            await #expect(throws: RerankError(reason: reason)) {
                try await reranker.order(of: passages, for: "q")
            }
        }
        #expect(makeReranker(nil, .offline) == nil)
    }

    @Test func `what is sent is told before the answer`() async throws {
        let told = Mutex<[String]>([])
        let model = ScriptedModel("m", .success(#"{"order":[]}"#))
        let reranker = try #require(
            makeReranker(model) { news in
                told.withLock { told in
                    switch news {
                    case .asking(let name, let count): told.append("\(name) \(count)")
                    case .progress(_, .sending(let egress)): told.append(egress.host)
                    default: break
                    }
                }
            })
        #expect(try await reranker.order(of: [], for: "the key \(Self.canary)").isEmpty)
        #expect(told.withLock { $0 } == ["m 1", "test"])
    }
}
