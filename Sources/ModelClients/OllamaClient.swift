internal import Documents
public import Orchestration
internal import StrictJSON

/// Asks a model that Ollama runs.
///
/// - Source: `POST /api/chat` of Ollama 0.33, with a schema as `format`.
public struct OllamaClient: LanguageModel {
    /// `ollama:` and the model.
    public let name: String

    private let model: String
    private let connection: ModelConnection

    /// The most tokens of an answer.
    private static let answerTokens = 4096
    private static let windows = 8192...131_072

    init(model: String, address: ServiceAddress) {
        name = "ollama:" + model
        self.model = model
        connection = ModelConnection(address: address, key: nil)
    }

    /// Asks once, with two retries where the service says it is overloaded.
    ///
    /// Ollama cuts a prompt that is too long without a word, so the window is set, cutting is
    /// forbidden, and what it says it has read is checked.
    public func answer(
        _ request: ModelRequest, within limit: Duration,
        progress: @escaping @Sendable (ModelProgress) -> Void
    ) async throws(ModelError) -> ModelAnswer {
        let estimate = request.tokenEstimate
        let window = Self.window(for: estimate)
        guard estimate + Self.answerTokens <= window else {
            throw .contextTruncated(estimate: estimate, read: 0)
        }
        let nonce = String(UInt64.random(in: .min ... .max), radix: 36)
        return try await connection.answer(
            to: body(of: request, window: window, nonce: nonce).canonicalBytes, path: "/api/chat",
            headers: [("accept", "application/x-ndjson")], within: limit,
            decoder: { OllamaStream(promptEstimate: estimate, answerTokens: Self.answerTokens) },
            progress: progress)
    }

    /// Room for half as many tokens again as estimated, and for the answer, in steps of 1,024.
    private static func window(for estimate: Int) -> Int {
        let wanted = estimate + estimate / 2 + answerTokens
        let rounded = (wanted + 1023) / 1024 * 1024
        return min(max(rounded, windows.lowerBound), windows.upperBound)
    }

    private func body(of request: ModelRequest, window: Int, nonce: String) -> JSONValue {
        var messages = [
            Self.message("system", request.rules.text + "\n" + Self.schemaNote(request.schema)),
            Self.message("user", Self.prompt(request, nonce: nonce)),
        ]
        if let correction = request.correction {
            messages.append(Self.message("assistant", correction.answer.text))
            messages.append(
                Self.message(
                    "user",
                    "That plan does not hold:\n\(correction.errors.text)\n"
                        + "Write the whole plan again."))
        }
        return .object([
            "model": .string(model),
            "messages": .array(messages),
            "stream": .bool(true),
            "truncate": .bool(false),
            "format": request.schema.json,
            "options": .object([
                "num_ctx": .integer(Int64(window)),
                "num_predict": .integer(Int64(Self.answerTokens)),
                "temperature": .integer(0), "seed": .integer(0),
            ]),
        ])
    }

    private static func schemaNote(_ schema: JSONSchema) -> String {
        "Answer with one JSON object of this schema:\n"
            + String(decoding: schema.json.canonicalBytes, as: UTF8.self)
    }

    /// The evidence between marks that no evidence can know, then the question.
    private static func prompt(_ request: ModelRequest, nonce: String) -> String {
        let evidence = request.evidence.map { evidence in
            """
            <<<evidence \(nonce)
            source: \(evidence.source.text)
            title: \(evidence.title.text)
            \(evidence.text.text)
            evidence \(nonce)>>>
            """
        }
        return (evidence + [request.question.text]).joined(separator: "\n\n")
    }

    private static func message(_ role: String, _ content: String) -> JSONValue {
        .object(["role": .string(role), "content": .string(content)])
    }
}
