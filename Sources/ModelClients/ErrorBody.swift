internal import StrictJSON

/// What an error's body says: Anthropic's `{"error":{"type","message"}}` or Ollama's `{"error":"…"}`.
struct ErrorBody {
    let message: String?
    let code: String?

    init(_ bytes: [UInt8]) {
        let value: JSONValue?
        do throws(JSONError) {
            value = try StrictJSON.parse(bytes)
        } catch {
            // No JSON: the status tells enough.
            value = nil
        }
        let error = value?["error"]
        message = error?["message"]?.string ?? error?.string
        code = error?["details"]?["error_code"]?.string
    }

    /// Whether an error's words mean that a text is longer than the model reads.
    ///
    /// - Source: Ollama ("the input length exceeds the context length", "input exceeds maximum
    ///   context length") and the llama.cpp servers it runs ("exceeds the available context size",
    ///   "is too large to process"); "context deadline exceeded" is none of them.
    static func saysTooLong(_ message: String) -> Bool {
        let words = message.lowercased()
        if words.contains("too large to process") { return true }
        return words.contains("exceed")
            && ["context length", "context size", "context_size"].contains(where: words.contains)
    }
}
