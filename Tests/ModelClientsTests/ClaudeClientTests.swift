import Documents
import Foundation
import ModelClients
import Orchestration
import StrictJSON
import TestSupport
import Testing

/// The Messages API, replayed byte by byte over a real socket.
@Suite struct ClaudeClientTests {
    static let name = "claude:latest"

    static func room(
        _ respond: @escaping @Sendable (FakeService.Request, Int) -> FakeService.Reply
    ) throws -> ModelRoom {
        try ModelRoom(name, respond: respond)
    }

    @Test func `the request has the documented form`() async throws {
        let room = try Self.room { _, _ in ModelWire.claude("{}") }
        #expect(
            try await room.ask() == ModelAnswer(text: "{}", inputTokens: 100_000, outputTokens: 321)
        )
        let request = try #require(room.service.requests.first)
        #expect(request.line == "POST /v1/messages")
        #expect(request.headers["x-api-key"] == ModelRoom.key)
        #expect(request.headers["anthropic-version"] == "2023-06-01")
        #expect(request.headers["content-type"] == "application/json")
        let body = try room.body()
        #expect(body["model"]?.string == "claude-sonnet-5")
        #expect(body["stream"] == .bool(true))
        #expect(body["system"]?.array?.first?["text"]?.string == "Plan.")
        // Newer models answer 400 where sampling is set.
        for name in ["temperature", "top_p", "top_k"] { #expect(body[name] == nil) }
        let content = try #require(body["messages"]?.array?.first?["content"]?.array)
        #expect(content.map { $0["type"]?.string } == ["search_result", "text"])
        #expect(content[0]["source"]?.string == "runbooks/a.md:1-2")
        #expect(content[0]["content"]?.array?.first?["text"]?.string == "1: look\n2: do")
        let format = try #require(body["output_config"]?["format"])
        #expect(format["type"]?.string == "json_schema")
        #expect(format["schema"]?["additionalProperties"] == .bool(false))
        // The service refuses bounds in a schema.
        let schema = String(decoding: format["schema"]?.canonicalBytes ?? [], as: UTF8.self)
        #expect(!schema.contains("maximum"))
        #expect(room.model.name == "claude:claude-sonnet-5")
    }

    @Test func `a correction is a turn of its own`() async throws {
        let room = try Self.room { _, _ in ModelWire.claude("{}") }
        var request = ModelRoom.request
        request.correction = .init(answer: .init("[]"), errors: .init("- no object"))
        _ = try await room.ask(request)
        let messages = try #require(try room.body()["messages"]?.array)
        #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "user"])
    }

    @Test(arguments: [1, 2, 3, 5, 64, 100_000])
    func `lines and characters may be split anywhere`(size: Int) async throws {
        let room = try Self.room { _, _ in ModelWire.claude(awkward, pieceSize: size) }
        #expect(try await room.ask().text == awkward)
    }

    @Test func `a stream that ends early is never an answer`() async throws {
        let whole = ModelWire.claude("{}", pieceSize: 1).pieces.count
        for ending in [FakeService.Ending.cut, .whole, .reset] {
            // Past message_stop only the last empty line may be missing.
            for end in Array(stride(from: 0, to: whole, by: 41)) + Array(whole - 30..<whole - 1) {
                let room = try Self.room { _, _ in
                    ModelWire.claude("{}", pieceSize: 4096, upTo: end, ending: ending)
                }
                let error = await room.error()
                switch error {
                case .cut, .malformed, .unreachable: break
                default: Issue.record("\(end) of \(whole), \(ending): \(String(describing: error))")
                }
            }
        }
    }

    @Test func `overload is told after three requests`() async throws {
        let room = try Self.room { _, _ in
            ModelWire.refusal(529, "overloaded_error", "Overloaded", [("retry-after-ms", "10")])
        }
        #expect(await room.error() == .overloaded(status: 529, "Overloaded"))
        #expect(room.service.requests.count == 3)
        let waits = room.news.all.filter { if case .waiting = $0 { true } else { false } }
        #expect(
            waits == Array(repeating: .waiting(.milliseconds(10), because: "Overloaded"), count: 2))
    }

    @Test func `an overload told inside a stream is retried too`() async throws {
        let room = try Self.room { _, count in
            count == 0
                ? ModelWire.claudeError("overloaded_error", "Overloaded") : ModelWire.claude("{}")
        }
        #expect(try await room.ask().text == "{}")
        let other = try Self.room { _, _ in ModelWire.claudeError("invalid_request_error", "no") }
        #expect(await other.error() == .rejected(status: 400, "no"))
        #expect(other.service.requests.count == 1)
    }

    @Test func `a date says when to come back`() async throws {
        let room = try Self.room { _, count in
            guard count < 2 else { return ModelWire.claude("{}") }
            let date = "Wed, 21 Oct 2015 07:28:00 GMT"
            return ModelWire.refusal(
                count == 0 ? 429 : 529, "rate_limit_error", "slow", [("retry-after", date)])
        }
        #expect(try await room.ask().text == "{}")
        #expect(room.news.all.contains(.waiting(.zero, because: "slow")))
        let later = try Self.room { _, _ in
            ModelWire.refusal(
                429, "rate_limit_error", "slow",
                [("retry-after", "Fri, 31 Dec 2100 23:59:59 GMT")])
        }
        #expect(await later.error() == .overloaded(status: 429, "slow"))
        #expect(later.service.requests.count == 1, "a wait beyond the deadline is not begun")
    }

    @Test func `what cannot get better is not retried`() async throws {
        let spent = try Self.room { _, _ in
            ModelWire.refusal(
                429, "rate_limit_error", "spent",
                details: ["error_code": "enforced_spend_limit_reached"])
        }
        #expect(await spent.error() == .rejected(status: 429, "spent"))
        #expect(spent.service.requests.count == 1)
        let told = try Self.room { _, _ in
            ModelWire.refusal(529, "overloaded_error", "no", [("x-should-retry", "false")])
        }
        #expect(await told.error() == .rejected(status: 529, "no"))
        #expect(told.service.requests.count == 1)
        let key = try Self.room { _, _ in
            ModelWire.refusal(401, "authentication_error", "bad key \(ModelRoom.key)")
        }
        #expect(await key.error() == .rejected(status: 401, "bad key (redacted)"))
    }

    @Test(arguments: [
        ("refusal", ModelError.refused("cyber")),
        ("max_tokens", .answerTooLong(limit: 8000)),
        (
            "model_context_window_exceeded",
            .contextTruncated(
                estimate: ModelRoom.request.tokenEstimate, read: 100_000)
        ),
        ("tool_use", .malformed("it stopped for tool_use")),
        ("pause_turn", .malformed("it stopped for pause_turn")),
        ("something_new", .malformed("it stopped for something_new")),
    ])
    func `every other stop reason is told`(reason: String, error: ModelError) async throws {
        let room = try Self.room { _, _ in
            ModelWire.claude("{}", stopReason: reason, category: "cyber")
        }
        #expect(await room.error() == error)
    }

    @Test func `a server that drops the evidence in silence is not believed`() async throws {
        let room = try Self.room { _, _ in ModelWire.claude("{}", promptTokens: 3) }
        let estimate = ModelRoom.request.tokenEstimate
        #expect(await room.error() == .contextTruncated(estimate: estimate, read: 3))
    }

    @Test func `the key is in no error, wherever the service puts it`() async throws {
        let words = "bad key \(ModelRoom.key)\nconductor: forged line"
        for reply in [
            ModelWire.claudeError("authentication_error", words),
            ModelWire.claude("{}", stopReason: "refusal", category: words),
            ModelWire.claude("{}", stopReason: words),
            FakeService.Reply([("content-type", "x/\(ModelRoom.key)")], pieces: []),
        ] {
            let room = try Self.room { _, _ in reply }
            let reason = try #require(await room.error()).reason
            #expect(!reason.contains(ModelRoom.key), "\(reason)")
            #expect(!reason.contains("\n"), "\(reason)")
        }
    }

    @Test func `numbers that cannot be end nothing`() async throws {
        for count in [Int.max, -1, 1 << 62] {
            let room = try Self.room { _, _ in ModelWire.claude("{}", promptTokens: count) }
            let estimate = ModelRoom.request.tokenEstimate
            #expect(await room.error() == .contextTruncated(estimate: estimate, read: nil))
        }
        for wait in ["-1e300", "1e300", "nan", "inf", "-5", "1e99999"] {
            let room = try Self.room { _, count in
                guard count == 0 else { return ModelWire.claude("{}") }
                return ModelWire.refusal(
                    529, "overloaded_error", "x", [("retry-after", wait), ("retry-after-ms", wait)])
            }
            #expect(try await room.ask().text == "{}", "\(wait)")
        }
    }

    @Test func `an error that is cut off keeps its status`() async throws {
        let room = try Self.room { _, _ in
            var reply = ModelWire.refusal(529, "overloaded_error", "x", [("retry-after-ms", "1")])
            reply.ending = .cut
            return reply
        }
        _ = await room.error()
        #expect(room.service.requests.count == 3)
    }

    @Test func `an error is told by the event's name too`() async throws {
        let room = try Self.room { _, _ in
            FakeService.Reply(
                [("content-type", "text/event-stream")],
                pieces: [
                    Data(
                        "event: error\ndata: {\"code\":500,\"message\":\"no\",\"type\":\"server_error\"}\n\n"
                            .utf8)
                ])
        }
        #expect(await room.error() == .rejected(status: 400, "no"))
    }

    @Test func `something else than the documented stream is refused`() async throws {
        let page = try Self.room { _, _ in
            FakeService.Reply([("content-type", "text/html")], pieces: [Data("<html>".utf8)])
        }
        #expect(await page.error() == .malformed("text/html instead of text/event-stream"))
        let packed = try Self.room { _, _ in
            var reply = ModelWire.claude("{}")
            reply.headers.append(("content-encoding", "gzip"))
            return reply
        }
        #expect(await packed.error() == .malformed("a compressed stream"))
        let moved = try Self.room { request, _ in
            FakeService.Reply(
                status: 307, [("location", "http://127.0.0.1:1/steal")], pieces: [])
        }
        #expect(await moved.error() == .rejected(status: 307, "Temporary Redirect"))
        #expect(moved.service.requests.count == 1)
    }

    @Test func `an endless stream ends at its limit`() async throws {
        let ping = Data("event: ping\ndata: {\"type\":\"ping\"}\n\n".utf8)
        let room = try Self.room { _, _ in
            FakeService.Reply(
                [("content-type", "text/event-stream")],
                pieces: [
                    Data(repeating: 0x3A, count: 1), ping + Data(repeating: 0x0A, count: 60_000),
                ],
                ending: .endless)
        }
        #expect(await room.error() == .malformed("more than 8388608 bytes"))
        let line = try Self.room { _, _ in
            FakeService.Reply(
                [("content-type", "text/event-stream")],
                pieces: [Data(repeating: 0x61, count: 60_000)], ending: .endless)
        }
        #expect(await line.error() == .malformed("a line of more than 1048576 bytes"))
    }

    @Test func `silence ends with the deadline`() async throws {
        for ending in [FakeService.Ending.silence, .endless] {
            let room = try Self.room { _, _ in
                FakeService.Reply(
                    [("content-type", "text/event-stream")], pieces: [Data(": \n".utf8)],
                    ending: ending)
            }
            let error = await room.error(within: .seconds(1))
            #expect(error == .timedOut || error == .malformed("more than 8388608 bytes"))
        }
    }
}
