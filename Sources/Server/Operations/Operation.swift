internal import StrictJSON

/// One thing that a client may ask for: its form, its promises, its work.
struct Operation: Sendable {
    /// What an operation costs, and so which limits it meets.
    enum Cost: Sendable {
        /// Reads.
        case read
        /// Writes to the memory.
        case write
        /// Plans: may ask models, may take minutes.
        case plan
    }

    /// What it may do, for clients that ask their user first.
    struct Traits: Sendable {
        var cost = Cost.read
        /// Whether it may remove or replace what is there.
        var isDestructive = false
        /// Whether doing it twice is the same as doing it once.
        var isIdempotent = true
        /// Whether it may talk to anything beyond this machine.
        var isOpenWorld = false
    }

    /// Its name: a word or two in snake case.
    let name: String
    /// For people.
    let title: String
    /// For models and people: what it does and when to use it.
    let summary: String
    /// The form of what it takes.
    let input: JSONSchema
    /// The form of what it answers.
    let output: JSONSchema
    /// What it may do.
    let traits: Traits
    private let work: @Sendable (Desk, Arguments) async throws -> JSONValue

    /// An operation whose answer has the form of a type.
    ///
    /// - Throws: where the type cannot tell its form.
    init<Reply: Codable & Sendable>(
        _ name: String, _ title: String, _ summary: String, _ traits: Traits = Traits(),
        takes members: [JSONSchema.Member],
        _ work: @escaping @Sendable (Desk, Arguments) async throws -> Reply
    ) throws {
        self.name = name
        self.title = title
        self.summary = summary
        self.traits = traits
        input = JSONSchema(.object(members, isOpen: false))
        output = Self.withRedactions(try JSONSchema.describing(Reply.self))
        self.work = { desk, arguments in
            try JSONValue(encoding: try await work(desk, arguments))
        }
    }

    /// What `RedactedReply` adds.
    private static func withRedactions(_ schema: JSONSchema) -> JSONSchema {
        guard case .object(let members, let isOpen) = schema.form else { return schema }
        let count = JSONSchema(.integer(0...1_000_000), note: "How many secrets were taken out.")
        return JSONSchema(.object(members + [.init("redacted", count)], isOpen: isOpen))
    }

    /// Checks what a client sent, does the work, and takes secrets out of the answer.
    ///
    /// - Throws: `Failure` for what does not fit the form; else what the work throws.
    func run(_ input: JSONValue, at desk: Desk) async throws -> JSONValue {
        let arguments = try Arguments(input, of: self.input)
        return RedactedReply(try await work(desk, arguments), redactor: desk.redactor).value
    }
}
