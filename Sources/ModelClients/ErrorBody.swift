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
}
