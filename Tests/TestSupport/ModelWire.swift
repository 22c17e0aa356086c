internal import Foundation

/// Replies in the documented formats of the Messages API and of Ollama.
public enum ModelWire {
    /// A stream of server-sent events that carries a text, in pieces of so many bytes: lines and
    /// characters are split wherever they fall.
    public static func claude(
        _ text: String, promptTokens: Int = 100_000, stopReason: String = "end_turn",
        category: String? = nil,
        pieceSize: Int = 97, upTo end: Int? = nil, ending: FakeService.Ending = .whole
    ) -> FakeService.Reply {
        var events: [(String, [String: Any])] = [
            (
                "message_start",
                [
                    "message": [
                        "id": "msg_1", "role": "assistant", "content": [Any](),
                        "usage": [
                            "input_tokens": promptTokens, "cache_read_input_tokens": 0,
                            "output_tokens": 1,
                        ],
                    ] as [String: Any]
                ]
            ),
            ("ping", [:]),
            (
                "content_block_start",
                ["index": 0, "content_block": ["type": "text", "text": ""]]
            ),
            ("an_event_of_tomorrow", ["index": 0, "text": "ignore me"]),
        ]
        for part in parts(of: text) {
            events.append(
                (
                    "content_block_delta",
                    ["index": 0, "delta": ["type": "text_delta", "text": part]]
                )
            )
        }
        events.append(("content_block_stop", ["index": 0]))
        var delta: [String: Any] = ["stop_reason": stopReason, "stop_sequence": NSNull()]
        if let category { delta["stop_details"] = ["category": category] }
        events.append(("message_delta", ["delta": delta, "usage": ["output_tokens": 321]]))
        events.append(("message_stop", [:]))
        let bytes = events.reduce(into: Data()) { data, event in
            data += line("event: \(event.0)\ndata: ", event.1.merging(["type": event.0]) { $1 })
            data += Data("\n".utf8)
        }
        return FakeService.Reply(
            [("content-type", "text/event-stream; charset=utf-8"), ("request-id", "req_1")],
            pieces: pieces(end.map { bytes.prefix($0) } ?? bytes, of: pieceSize), ending: ending)
    }

    /// An error event after a stream has begun with status 200.
    public static func claudeError(_ type: String, _ message: String) -> FakeService.Reply {
        let start = line("event: message_start\ndata: ", ["type": "message_start", "message": [:]])
        let error = line(
            "\nevent: error\ndata: ",
            ["type": "error", "error": ["type": type, "message": message]])
        return FakeService.Reply(
            [("content-type", "text/event-stream")], pieces: [start + error + Data("\n".utf8)])
    }

    /// An error as the Messages API answers it.
    public static func refusal(
        _ status: Int, _ type: String, _ message: String, _ headers: [(String, String)] = [],
        details: [String: String] = [:]
    ) -> FakeService.Reply {
        FakeService.Reply(
            status: status, headers + [("content-type", "application/json")],
            pieces: [
                line(
                    "",
                    [
                        "type": "error", "request_id": "req_1",
                        "error": ["type": type, "message": message, "details": details]
                            as [String: Any],
                    ])
            ])
    }

    /// Lines of JSON that carry a text, in pieces of so many bytes.
    public static func ollama(
        _ text: String, promptTokens: Int? = 100_000, doneReason: String = "stop",
        pieceSize: Int = 61, upTo end: Int? = nil, ending: FakeService.Ending = .whole
    ) -> FakeService.Reply {
        var data = Data()
        for part in parts(of: text) {
            data += line(
                "",
                [
                    "model": "m", "created_at": "2026-01-01T00:00:00Z", "done": false,
                    "message": ["role": "assistant", "content": part],
                ])
        }
        var last: [String: Any] = [
            "model": "m", "done": true, "done_reason": doneReason, "eval_count": 12,
            "message": ["role": "assistant", "content": ""], "total_duration": 5_000_000_000,
        ]
        if let promptTokens { last["prompt_eval_count"] = promptTokens }
        data += line("", last)
        return FakeService.Reply(
            [("content-type", "application/x-ndjson")],
            pieces: pieces(end.map { data.prefix($0) } ?? data, of: pieceSize), ending: ending)
    }

    /// A line of Ollama's that tells of a failure.
    public static func ollamaError(_ message: String) -> FakeService.Reply {
        FakeService.Reply(
            [("content-type", "application/x-ndjson")],
            pieces: [
                line("", ["model": "m", "done": false, "message": ["content": "{\"a"]]),
                line("", ["error": message]),
            ])
    }

    private static func parts(of text: String) -> [String] {
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: 23).map {
            String(characters[$0..<min($0 + 23, characters.count)])
        }
    }

    private static func pieces(_ data: Data, of size: Int) -> [Data] {
        let bytes = [UInt8](data)
        return stride(from: 0, to: bytes.count, by: size).map {
            Data(bytes[$0..<min($0 + size, bytes.count)])
        }
    }

    private static func line(_ prefix: String, _ object: [String: Any]) -> Data {
        let json =
            (try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])) ?? Data()
        return Data(prefix.utf8) + json + Data("\n".utf8)
    }
}
