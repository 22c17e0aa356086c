internal import Orchestration
internal import StrictJSON

/// Reads the lines of JSON that Ollama streams.
struct OllamaStream: AnswerDecoder {
    static let contentType = "application/x-ndjson"

    private let promptEstimate: Int
    private let answerTokens: Int
    private var text = ""
    private var doneReason: String?
    private var promptTokens: Int?
    private var outputTokens: Int?
    private(set) var isComplete = false

    init(promptEstimate: Int, answerTokens: Int) {
        self.promptEstimate = promptEstimate
        self.answerTokens = answerTokens
    }

    var characterCount: Int { text.utf8.count }

    mutating func take(_ line: [UInt8]) throws {
        guard !line.isEmpty else { return }
        let value: JSONValue
        do throws(JSONError) {
            value = try StrictJSON.parse(line)
        } catch .truncated {
            throw ModelError.cut("a line ended early")
        } catch {
            throw ModelError.malformed("a line that is no JSON: \(error)")
        }
        if let message = value["error"]?.string {
            throw ServiceRefusal(status: 500, message: message, shouldRetry: false)
        }
        guard case .bool(let isDone)? = value["done"] else {
            throw ModelError.malformed("a line without done")
        }
        text += value["message"]?["content"]?.string ?? ""
        guard isDone else { return }
        doneReason = value["done_reason"]?.string
        promptTokens = TokenCount.count(value["prompt_eval_count"])
        outputTokens = TokenCount.count(value["eval_count"])
        isComplete = true
    }

    func answer() throws(ModelError) -> ModelAnswer {
        guard isComplete else { throw .cut("the stream ended before done") }
        // Four fifths: the estimate is rough, and a cut prompt loses half.
        guard let promptTokens, promptTokens * 5 >= promptEstimate * 4 else {
            throw .contextTruncated(estimate: promptEstimate, read: promptTokens)
        }
        switch doneReason {
        case "stop":
            return ModelAnswer(text: text, inputTokens: promptTokens, outputTokens: outputTokens)
        case "length": throw .answerTooLong(limit: answerTokens)
        case let other: throw .malformed("it was done for \(other ?? "no reason")")
        }
    }
}
