import Foundation
import ModelClients
import Orchestration
import StrictJSON
import TestSupport
import Testing

/// Ollama's chat, replayed byte by byte over a real socket.
@Suite struct OllamaClientTests {
    static func room(
        _ respond: @escaping @Sendable (FakeService.Request, Int) -> FakeService.Reply
    ) throws -> ModelRoom {
        try ModelRoom("ollama:llama3.1", respond: respond)
    }

    @Test func `the request has the documented form`() async throws {
        let room = try Self.room { _, _ in ModelWire.ollama("{}", promptTokens: 5000) }
        #expect(
            try await room.ask() == ModelAnswer(text: "{}", inputTokens: 5000, outputTokens: 12))
        let request = try #require(room.service.requests.first)
        #expect(request.line == "POST /api/chat")
        #expect(request.headers["x-api-key"] == nil, "another service's key")
        let body = try room.body()
        #expect(body["model"]?.string == "llama3.1")
        #expect(body["truncate"] == .bool(false))
        #expect(body["format"]?["type"]?.string == "object")
        #expect(body["options"]?["num_ctx"] == .integer(8192))
        let messages = try #require(body["messages"]?.array)
        #expect(messages.map { $0["role"]?.string } == ["system", "user"])
        let system = try #require(messages[0]["content"]?.string)
        #expect(
            system.contains("\"additionalProperties\":false"), "the schema is told in words too")
        let user = try #require(messages[1]["content"]?.string)
        let fence = try #require(user.firstMatch(of: /<<<evidence (\w+)\n/))
        #expect(user.contains("evidence \(fence.1)>>>"))
        #expect(user.contains("source: runbooks/a.md:1-2"))
    }

    @Test(arguments: [1, 2, 3, 5, 64, 100_000])
    func `lines and characters may be split anywhere`(size: Int) async throws {
        let room = try Self.room { _, _ in ModelWire.ollama(awkward, pieceSize: size) }
        #expect(try await room.ask().text == awkward)
    }

    @Test func `a stream that ends early is never an answer`() async throws {
        let whole = ModelWire.ollama("{}", pieceSize: 1).pieces.count
        for end in Array(stride(from: 0, to: whole - 2, by: 17)) + [whole - 2] {
            let room = try Self.room { _, _ in
                ModelWire.ollama("{}", pieceSize: 4096, upTo: end, ending: .cut)
            }
            let error = await room.error()
            switch error {
            case .cut, .unreachable: break
            default: Issue.record("\(end) of \(whole): \(String(describing: error))")
            }
        }
    }

    @Test func `a prompt that was cut in silence is no basis for a plan`() async throws {
        let request = ModelRoom.request
        let cut = try Self.room { _, _ in
            ModelWire.ollama("{}", promptTokens: request.tokenEstimate / 2)
        }
        #expect(
            await cut.error()
                == .contextTruncated(
                    estimate: request.tokenEstimate, read: request.tokenEstimate / 2))
        let odd = try Self.room { _, _ in ModelWire.ollama("{}", promptTokens: .max) }
        #expect(
            await odd.error() == .contextTruncated(estimate: request.tokenEstimate, read: nil))
        let unknown = try Self.room { _, _ in ModelWire.ollama("{}", promptTokens: nil) }
        #expect(
            await unknown.error()
                == .contextTruncated(estimate: request.tokenEstimate, read: nil))
    }

    @Test func `an error inside a stream is an error`() async throws {
        let room = try Self.room { _, _ in ModelWire.ollamaError("out of memory") }
        #expect(await room.error() == .rejected(status: 500, "out of memory"))
        let missing = try Self.room { _, _ in
            FakeService.Reply(
                status: 404, [("content-type", "application/json")],
                pieces: [Data(#"{"error":"model 'llama3.1' not found"}"#.utf8)])
        }
        #expect(await missing.error() == .rejected(status: 404, "model 'llama3.1' not found"))
    }

    @Test func `an answer at its limit is not whole`() async throws {
        let room = try Self.room { _, _ in ModelWire.ollama("{\"a", doneReason: "length") }
        #expect(await room.error() == .answerTooLong(limit: 4096))
        let load = try Self.room { _, _ in ModelWire.ollama("", doneReason: "load") }
        #expect(await load.error() == .malformed("it was done for load"))
    }
}
