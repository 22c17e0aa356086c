internal import Documents
public import Orchestration
internal import StrictJSON

/// Asks a Claude model by the Messages API.
///
/// - Source: `POST /v1/messages`, version 2023-06-01, with streaming and `output_config.format`.
public struct ClaudeClient: LanguageModel {
    /// `claude:` and the model.
    public let name: String

    private let model: String
    private let connection: ModelConnection

    /// The most tokens of an answer.
    private static let answerTokens = 8000

    init(model: String, address: ServiceAddress, key: Secret?) {
        name = "claude:" + model
        self.model = model
        connection = ModelConnection(address: address, key: key)
    }

    /// Asks once, with two retries where the service says it is overloaded.
    public func answer(
        _ request: ModelRequest, within limit: Duration,
        progress: @escaping @Sendable (ModelProgress) -> Void
    ) async throws(ModelError) -> ModelAnswer {
        let estimate = request.tokenEstimate
        var headers = [("anthropic-version", "2023-06-01"), ("accept", "text/event-stream")]
        connection.key?.reveal { headers.append(("x-api-key", $0)) }
        return try await connection.answer(
            to: body(of: request).canonicalBytes, path: "/v1/messages", headers: headers,
            within: limit,
            decoder: {
                ClaudeStream(promptEstimate: estimate, answerTokens: Self.answerTokens)
            },
            progress: progress)
    }

    /// Evidence goes into `search_result` blocks, which tell that text was found, and where.
    ///
    /// Sampling is left alone: newer models refuse to have it set.
    private func body(of request: ModelRequest) -> JSONValue {
        var messages = [
            Self.message("user", Self.evidence(request) + [Self.text(request.question)])
        ]
        if let correction = request.correction {
            // The service refuses empty texts.
            if correction.answer.text.contains(where: { !$0.isWhitespace }) {
                messages.append(Self.message("assistant", [Self.text(correction.answer)]))
            }
            messages.append(
                Self.message(
                    "user",
                    [
                        Self.text(
                            RedactedText("That plan does not hold:\n") + correction.errors
                                + RedactedText("\nWrite the whole plan again."))
                    ]))
        }
        return .object([
            "model": .string(model),
            "max_tokens": .integer(Int64(Self.answerTokens)),
            "stream": .bool(true),
            "system": .array([Self.text(request.rules)]),
            "messages": .array(messages),
            "output_config": .object([
                "format": .object([
                    "type": .string("json_schema"), "schema": ClaudeSchema.json(request.schema),
                ])
            ]),
        ])
    }

    private static func evidence(_ request: ModelRequest) -> [JSONValue] {
        request.evidence.map { evidence in
            .object([
                "type": .string("search_result"),
                "source": .string(evidence.source.text),
                "title": .string(evidence.title.text),
                "content": .array([text(evidence.text)]),
            ])
        }
    }

    private static func text(_ text: RedactedText) -> JSONValue {
        .object(["type": .string("text"), "text": .string(text.text)])
    }

    private static func message(_ role: String, _ content: [JSONValue]) -> JSONValue {
        .object(["role": .string(role), "content": .array(content)])
    }
}

/// The part of JSON Schema that structured outputs take: no bounds on texts, numbers or arrays.
enum ClaudeSchema {
    private static let refused: Set<String> = [
        "minLength", "maxLength", "pattern", "minimum", "maximum", "maxItems",
    ]

    static func json(_ schema: JSONSchema) -> JSONValue { stripped(schema.json) }

    private static func stripped(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.filter { !refused.contains($0.key) }.mapValues(stripped))
        case .array(let elements): .array(elements.map(stripped))
        default: value
        }
    }
}
