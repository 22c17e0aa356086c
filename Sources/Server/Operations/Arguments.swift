internal import Foundation
internal import Orchestration
internal import Retrieval
internal import StrictJSON

/// What a client sent, checked against the form that it was told.
struct Arguments: Sendable {
    private let members: [String: JSONValue]

    /// Checks an object.
    ///
    /// - Throws: `Failure` with the code `USAGE` that says all that is wrong.
    init(_ value: JSONValue, of schema: JSONSchema) throws(Failure) {
        let errors = schema.errors(in: value)
        guard errors.isEmpty, let members = value.object else {
            throw Failure(
                code: "USAGE", message: errors.joined(separator: "; "),
                next: "see the operation's schema", exitCode: .usage)
        }
        self.members = members
    }

    func text(_ name: String) -> String? { members[name]?.string }

    func texts(_ name: String) -> [String] { members[name]?.array?.compactMap(\.string) ?? [] }

    func number(_ name: String) -> Int? { members[name]?.wholeNumber }

    func flag(_ name: String) -> Bool { members[name] == .bool(true) }

    /// A time, or an age counted back from now.
    ///
    /// - Throws: `Failure` with the code `USAGE` for a text that is neither.
    func moment(_ name: String) throws(Failure) -> Moment? {
        guard let text = text(name) else { return nil }
        guard let moment = Moment(text, now: .now) else {
            throw Failure(
                code: "USAGE", message: "\(name) is no time: \(text)",
                next: "give 2026-10-06, 2026-10-06T08:00:00Z or an age such as 7d", exitCode: .usage
            )
        }
        return moment
    }

    /// A text that the schema demands.
    ///
    /// - Throws: `Failure`, where an action needs it and the client left it out.
    func required(_ name: String) throws(Failure) -> String {
        guard let text = text(name) else {
            throw Failure(
                code: "USAGE", message: "\(name) is missing", next: "give \(name)",
                exitCode: .usage)
        }
        return text
    }
}
