internal import Orchestration
internal import StrictJSON

/// Reads the server-sent events of the Messages API.
///
/// - Source: events `message_start`, `content_block_*`, `message_delta`, `message_stop`, `ping`,
///   `error`; unknown ones are ignored, as the service's documentation asks.
struct ClaudeStream: AnswerDecoder {
    static let contentType = "text/event-stream"

    private let promptEstimate: Int
    private let answerTokens: Int
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var text = ""
    private var stopReason: String?
    private var stopCategory: String?
    private var hasStarted = false
    private var inputTokens: Int?
    private var outputTokens: Int?
    private(set) var isComplete = false

    init(promptEstimate: Int, answerTokens: Int) {
        self.promptEstimate = promptEstimate
        self.answerTokens = answerTokens
    }

    var characterCount: Int { text.utf8.count }

    mutating func take(_ line: [UInt8]) throws {
        guard !line.isEmpty else {
            defer { (name, data) = ([], []) }
            return data.isEmpty ? () : try takeEvent()
        }
        // Comments and other fields say nothing more.
        if let value = Self.value(of: "event:", in: line) { name = Array(value) }
        guard let value = Self.value(of: "data:", in: line) else { return }
        if !data.isEmpty { data.append(0x0A) }
        data += value
    }

    private static func value(of field: String, in line: [UInt8]) -> ArraySlice<UInt8>? {
        guard line.starts(with: field.utf8) else { return nil }
        let value = line.dropFirst(field.utf8.count)
        return value.first == 0x20 ? value.dropFirst() : value
    }

    private mutating func takeEvent() throws {
        let event: JSONValue
        do throws(JSONError) {
            event = try StrictJSON.parse(data)
        } catch {
            throw ModelError.malformed("an event that is no JSON: \(error)")
        }
        // Other servers of this format tell errors by the event's name alone.
        let isError = name == Array("error".utf8)
        switch isError ? "error" : event["type"]?.string {
        case "message_start":
            hasStarted = true
            note(event["message"]?["usage"])
        case "content_block_delta":
            guard event["delta"]?["type"]?.string == "text_delta" else { return }
            guard hasStarted, let part = event["delta"]?["text"]?.string else {
                throw ModelError.malformed("a text_delta out of place")
            }
            text += part
        case "message_delta":
            stopReason = event["delta"]?["stop_reason"]?.string ?? stopReason
            stopCategory = event["delta"]?["stop_details"]?["category"]?.string ?? stopCategory
            note(event["usage"])
        case "message_stop":
            guard hasStarted else { throw ModelError.malformed("message_stop before its start") }
            isComplete = true
        case "error":
            throw Self.refusal(event["error"] ?? event)
        default: return
        }
    }

    private mutating func note(_ usage: JSONValue?) {
        func count(_ name: String) -> Int? {
            TokenCount.count(usage?[name])
        }
        let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"].compactMap(count)
        if let input = count("input_tokens") { inputTokens = input + cached.reduce(0, +) }
        outputTokens = count("output_tokens") ?? outputTokens
    }

    private static func refusal(_ error: JSONValue?) -> ServiceRefusal {
        let type = error?["type"]?.string ?? "unknown error"
        let status =
            switch type {
            case "overloaded_error": 529
            case "rate_limit_error": 429
            case "timeout_error": 504
            case "api_error": 500
            default: 400
            }
        return ServiceRefusal(status: status, message: error?["message"]?.string ?? type)
    }

    func answer() throws(ModelError) -> ModelAnswer {
        guard isComplete else { throw .cut("the stream ended before message_stop") }
        // Some servers of this format drop what they do not know, without a word.
        guard let inputTokens, inputTokens * 5 >= promptEstimate * 4 else {
            throw .contextTruncated(estimate: promptEstimate, read: inputTokens)
        }
        switch stopReason {
        case "end_turn", "stop_sequence":
            return ModelAnswer(text: text, inputTokens: inputTokens, outputTokens: outputTokens)
        case "max_tokens": throw .answerTooLong(limit: answerTokens)
        case "refusal": throw .refused(stopCategory ?? "no category given")
        case "model_context_window_exceeded":
            throw .contextTruncated(estimate: promptEstimate, read: inputTokens)
        case let other:
            // No tools are offered, so neither tool_use nor pause_turn has a meaning here.
            throw .malformed("it stopped for \(other ?? "no reason")")
        }
    }
}
