public import Documents
public import StrictJSON

/// A model that answers in the form of a schema.
///
/// Only text that has passed the `Redactor` can be handed to it.
public protocol LanguageModel: Sendable {
    /// Its name as settings have it: `claude:claude-sonnet-5`, `ollama:llama3.1`.
    var name: String { get }

    /// Asks the model once, with the retries that its service's own rules allow.
    ///
    /// - Parameters:
    ///   - request: what to ask.
    ///   - limit: the most time; the call ends by then, whatever the service does.
    ///   - progress: called for every piece of news, on any executor.
    /// - Returns: the whole answer; a part of one is never returned.
    /// - Throws: `ModelError`.
    func answer(
        _ request: ModelRequest, within limit: Duration,
        progress: @escaping @Sendable (ModelProgress) -> Void
    ) async throws(ModelError) -> ModelAnswer
}

/// What a model is asked.
public struct ModelRequest: Sendable {
    /// A piece of text that was found: data, never instructions.
    public struct Evidence: Sendable {
        /// Where it stands: `runbooks/a.md:1-20`, `facts`.
        public let source: RedactedText
        /// Title and headings.
        public let title: RedactedText
        /// The text.
        public let text: RedactedText

        package init(source: RedactedText, title: RedactedText, text: RedactedText) {
            self.source = source
            self.title = title
            self.text = text
        }
    }

    /// An answer that did not hold, and what was wrong with it.
    public struct Correction: Sendable {
        /// The answer.
        public let answer: RedactedText
        /// What was wrong, a sentence a line.
        public let errors: RedactedText

        package init(answer: RedactedText, errors: RedactedText) {
            self.answer = answer
            self.errors = errors
        }
    }

    /// The rules: the program's own words.
    public let rules: RedactedText
    /// What was found.
    public let evidence: [Evidence]
    /// What is to be done.
    public let question: RedactedText
    /// The form of the answer.
    public let schema: JSONSchema
    /// Set where the model is asked again.
    public var correction: Correction?

    package init(
        rules: RedactedText, evidence: [Evidence], question: RedactedText, schema: JSONSchema,
        correction: Correction? = nil
    ) {
        self.rules = rules
        self.evidence = evidence
        self.question = question
        self.schema = schema
        self.correction = correction
    }

    /// A low estimate of the tokens that the model must read.
    public var tokenEstimate: Int {
        parts.reduce(0) { $0 + TokenEstimate.tokens(in: $1.text) }
    }

    /// How many secrets were taken out of it.
    public var redactionCount: Int {
        parts.reduce(0) { $0 + $1.redactionCount }
    }

    private var parts: [RedactedText] {
        evidence.flatMap { [$0.source, $0.title, $0.text] } + [rules, question]
            + (correction.map { [$0.answer, $0.errors] } ?? [])
    }
}

/// The answer of a model.
public struct ModelAnswer: Sendable, Equatable {
    /// Its text: JSON, unless the model slipped.
    public let text: String
    /// Tokens read and written, as the service counts them; nil where it does not say.
    public let inputTokens, outputTokens: Int?

    /// An answer.
    public init(text: String, inputTokens: Int?, outputTokens: Int?) {
        self.text = text
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

/// What is happening while a model is asked.
public enum ModelProgress: Sendable, Equatable {
    /// Bytes are handed to the network for a host; told before they are.
    case sending(Egress)
    /// The service asks for patience.
    case waiting(Duration, because: String)
    /// So many characters of the answer are here.
    case receiving(characterCount: Int)
}

/// Bytes that were handed to the network; where nobody answered they may not have left.
public struct Egress: Sendable, Equatable, Codable {
    /// The host and port they went to.
    public let host: String
    /// How many.
    public let byteCount: Int
    /// Their SHA-256.
    public let sha256: String

    enum CodingKeys: String, CodingKey {
        case host, sha256
        case byteCount = "bytes"
    }

    /// Notes the body of a request.
    public init(host: String, body: [UInt8]) {
        self.host = host
        byteCount = body.count
        sha256 = ContentHash(of: body).rawValue
    }
}
