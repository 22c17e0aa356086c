import Documents
import Embedding
import Foundation
import Kernels
import ModelClients
import StrictJSON
import TestSupport
import Testing

/// Ollama's embeddings, replayed byte by byte over a real socket.
@Suite struct OllamaEmbedderTests {
    @Test func `requests have the documented form`() async throws {
        let room = try EmbedRoom()
        let rows = try await room.embed(["one", "two"])
        #expect(
            room.service.requests.map(\.line) == [
                "GET /api/tags", "POST /api/show", "POST /api/embed", "POST /api/embed",
                "GET /api/tags",
            ])
        let request = room.service.requests[3]
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-api-key"] == nil, "another service's key")
        let body = try StrictJSON.parse(request.body)
        #expect(body["model"]?.string == "nomic-embed-text")
        #expect(body["input"] == .array([.string("one"), .string("two")]))
        #expect(body["truncate"] == .bool(false))
        #expect(body["options"]?["num_ctx"] == .integer(2048))
        #expect(rows.count == 2)
        EmbedRoom.check(rows[0], isOf: [("one", 1)])
        EmbedRoom.check(rows[1], isOf: [("two", 1)])
    }

    @Test func `rows have length one, whatever the service's have`() async throws {
        for scale: Float in [1e-30, 1, 1e30] {
            let room = try EmbedRoom { texts, _ in
                ModelWire.ollamaEmbeddings(
                    texts.map { EmbedRoom.vector(of: $0).map { $0 * scale } })
            }
            let rows = try await room.embed(["one", "two"])
            EmbedRoom.check(rows[0], isOf: [("one", 1)])
            EmbedRoom.check(rows[1], isOf: [("two", 1)])
        }
    }

    @Test func `many texts go in several requests, in order`() async throws {
        let room = try EmbedRoom()
        let texts = (0..<100).map { "text \($0)" }
        let rows = try await room.embed(texts)
        #expect(room.sent.map(\.count) == [32, 32, 32, 4])
        #expect(room.sent.flatMap { $0 } == texts)
        for (row, text) in texts.enumerated() { EmbedRoom.check(rows[row], isOf: [(text, 1)]) }
    }

    @Test func `a request is bounded in bytes too`() async throws {
        let room = try EmbedRoom(model: { _ in EmbedRoom.Model(contextLength: 100_000) })
        let long = String(repeating: "abcde ", count: 6000)
        let embedder = try await room.open()
        #expect(embedder.maximumTokenCount == 8192)
        _ = try await embedder.embed([long, "b", long, "c"], longTexts: .windows)
        #expect(room.sent == [[long, "b"], [long, "c"]])
    }

    @Test func `white space is no error and is not sent`() async throws {
        let room = try EmbedRoom()
        let rows = try await room.embed(["", "one", " \n\t"])
        #expect(room.sent == [["one"]])
        #expect(Array(rows[0]) == [1, 0, 0, 0])
        EmbedRoom.check(rows[1], isOf: [("one", 1)])
        #expect(Array(rows[2]) == [1, 0, 0, 0])
        let before = room.service.requests.count
        let none = try await room.open().embed([], longTexts: .windows)
        #expect(none.count == 0)
        #expect(none.dimension == EmbedRoom.dimension)
        #expect(room.service.requests.count == before + EmbedRoom.opening)
    }

    @Test func `secrets stay here, and equal texts are sent as equal texts`() async throws {
        let room = try EmbedRoom()
        let text = "use \(ModelRoom.key) for the tests"
        let one = try await room.embed([text])
        let other = try await room.embed([text])
        let sent = try #require(room.sent.first?.first)
        #expect(!sent.contains(ModelRoom.key))
        #expect(sent.contains("use ‹secret:"))
        #expect(sent.contains("› for the tests"))
        let texts = room.service.requests.flatMap { EmbedRoom.input(of: $0) }
        #expect(texts.filter { $0 == sent }.count == 2, "\(texts)")
        #expect(one == other)
    }

    @Test func `two digests are two spaces`() async throws {
        func fingerprint(
            _ model: EmbedRoom.Model, as name: String = "ollama:nomic-embed-text"
        ) async throws -> String {
            let room = try EmbedRoom(model: { _ in model })
            return try await room.open(name).fingerprint.rawValue
        }
        let usual = try await fingerprint(.init())
        #expect(usual.wholeMatch(of: /ollama:nomic-embed-text:latest:[0-9a-f]{16}/) != nil)
        #expect(try await fingerprint(.init()) == usual)
        let spelled = try await fingerprint(.init(), as: "ollama:nomic-embed-text:latest")
        #expect(spelled == usual, "one model by two names")
        let prefixed = EmbedRoom.Model(digest: "sha256:" + EmbedRoom.digest)
        #expect(try await fingerprint(prefixed) == usual)
        var others = [usual]
        for model in [
            EmbedRoom.Model(digest: String(repeating: "b2", count: 32)),
            EmbedRoom.Model(contextLength: 512),
        ] {
            others.append(try await fingerprint(model))
        }
        others.append(
            try await fingerprint(
                .init(name: "nomic-embed-text:v2"), as: "ollama:nomic-embed-text:v2"))
        #expect(Set(others).count == others.count, "\(others)")
    }

    @Test func `another dimension is another space`() async throws {
        let room = try EmbedRoom()
        let usual = try await room.open()
        let longRoom = try EmbedRoom(embed: { _, _ in
            ModelWire.ollamaEmbeddings([[1, 2, 3, 4, 5]])
        })
        let longer = try await longRoom.open()
        #expect((usual.dimension, longer.dimension) == (4, 5))
        #expect(usual.fingerprint != longer.fingerprint)
    }

    @Test func `a model that was replaced since it was opened is an error`() async throws {
        let other = String(repeating: "b2", count: 32)
        let room = try EmbedRoom(model: { count in
            EmbedRoom.Model(digest: count < EmbedRoom.opening ? EmbedRoom.digest : other)
        })
        let fault = await room.fault()
        #expect(
            fault
                == .unexpected(
                    expected: "the model with digest a1a1a1a1a1a1",
                    found: "one with digest b2b2b2b2b2b2"))
    }

    @Test func `names that are no embedder are refused before anything is sent`() async throws {
        let room = try EmbedRoom()
        for name in ["claude:latest", "ollama:", "ollama", "", "ollama:a b", "gpt:4"] {
            await #expect(throws: EmbeddingError.unknownName(name)) {
                _ = try await room.open(name)
            }
        }
        #expect(room.service.requests.isEmpty)
    }

    @Test func `another machine must be allowed by name`() async throws {
        var room = try EmbedRoom()
        room.settings.ollamaHost = "https://ollama.example:11434"
        guard case .notAllowed(let why) = await room.fault() else {
            Issue.record("it was asked")
            return
        }
        #expect(why.contains("CONDUCTOR_REMOTE_OLLAMA=1"))
    }

    @Test func `a model that Ollama runs elsewhere must be allowed too`() async throws {
        var room = try EmbedRoom(model: { _ in
            EmbedRoom.Model(remoteHost: "https://ollama.com:443")
        })
        #expect(
            await room.fault()
                == .notAllowed("Ollama hands its texts on to https://ollama.com:443"))
        #expect(room.service.requests.map(\.line) == ["GET /api/tags"])
        room.settings.allowsRemoteOllama = true
        #expect(await room.fault() == nil)
    }

    @Test func `a wait ends when the task is cancelled`() async throws {
        for place in 0..<4 {
            let lines = ["GET /api/tags", "POST /api/show", "POST /api/embed", "POST /api/embed"]
            let service = try FakeService { request, count in
                if count == place {
                    return FakeService.Reply(
                        [("content-type", "application/json")], pieces: [Data(" ".utf8)],
                        ending: .silence)
                }
                switch count {
                case 0: return ModelWire.ollamaModels("m:latest", digest: EmbedRoom.digest)
                case 1: return ModelWire.ollamaDetails(contextLength: 512)
                default:
                    return ModelWire.ollamaEmbeddings(
                        EmbedRoom.input(of: request).map(EmbedRoom.vector))
                }
            }
            var settings = ModelSettings()
            settings.ollamaHost = service.url
            let task = Task { [settings] in
                let embedder = try await ModelCatalog(settings).embedder(named: "ollama:m")
                return try await embedder.embed(["a"], longTexts: .windows)
            }
            while service.requests.count <= place { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(service.requests.map(\.line) == Array(lines[...place]))
        }
    }
}
