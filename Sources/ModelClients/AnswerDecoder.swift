internal import Orchestration
internal import StrictJSON

/// Builds an answer from the lines of a service's stream.
protocol AnswerDecoder: Sendable {
    /// The type that the stream must have.
    static var contentType: String { get }

    /// How many characters of the answer are here.
    var characterCount: Int { get }

    /// Whether the service has said that the answer is whole; no line after that is read.
    var isComplete: Bool { get }

    /// Takes the next line.
    ///
    /// - Throws: `ServiceRefusal` where the service gives up, `ModelError` for what is malformed.
    mutating func take(_ line: [UInt8]) throws

    /// The answer, once the stream has ended.
    ///
    /// - Throws: `ModelError`, where it is not whole.
    func answer() throws(ModelError) -> ModelAnswer
}

/// What a service said instead of an answer.
struct ServiceRefusal: Error, Equatable {
    /// The HTTP status, or the one that fits an error told in a stream.
    let status: Int
    /// The service's words, for people.
    let message: String
    /// What the service says of a retry; nil where it says nothing.
    var shouldRetry: Bool?
    /// How long the service asks to wait.
    var retryAfter: Duration?

    /// The error of a service that is not asked again.
    var error: ModelError {
        isTransient
            ? .overloaded(status: status, message) : .rejected(status: status, message)
    }

    /// Whether the same request may succeed later.
    ///
    /// - Source: the retry rule of Anthropic's SDKs.
    var isTransient: Bool {
        if let shouldRetry { return shouldRetry }
        return [408, 409, 429].contains(status) || status >= 500
    }
}

/// Counts of tokens as services tell them.
enum TokenCount {
    private static let plausible = 0...1_000_000_000

    /// The count; nil where there is none, or none that can be.
    static func count(_ value: JSONValue?) -> Int? {
        value?.wholeNumber.flatMap { plausible.contains($0) ? $0 : nil }
    }
}
