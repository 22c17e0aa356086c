public import StrictJSON

/// What went wrong, in the form that every door shows: a stable code, a sentence, what to do next.
public struct Failure: Error, Equatable, Sendable {
    /// The kinds of failure, by the command line's exit codes; they are part of the interface.
    public enum Code: Int32, Sendable, CaseIterable {
        /// Anything else.
        case failure = 1
        /// The request itself is wrong.
        case usage = 2
        /// What was asked for is not there.
        case notFound = 5
        /// Another writer is at work. Retry later.
        case busy = 6
        /// No model that could answer.
        case modelUnavailable = 7
        /// It is not allowed.
        case denied = 8
    }

    /// A stable name for scripts, in upper snake case.
    public let code: String
    /// One sentence, without its full stop.
    public let message: String
    /// The next command, or what to do.
    public let next: String
    /// The kind of failure.
    public let exitCode: Code

    /// A failure.
    public init(code: String, message: String, next: String, exitCode: Code) {
        self.code = code
        self.message = message
        self.next = next
        self.exitCode = exitCode
    }
}

extension Failure {
    /// The failure as every door shows it: `{"error":{"code":…,"message":…,"next":…,"details":{}}}`.
    public var json: JSONValue {
        .object([
            "error": .object([
                "code": .string(code), "message": .string(message), "next": .string(next),
                "details": .object([:]),
            ])
        ])
    }
}
