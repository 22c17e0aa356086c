internal import StrictJSON

/// A plan as a model writes it: one form for all models.
struct PlanDraft: Decodable, Sendable {
    /// A sentence, with where it stands or an empty source.
    struct Statement: Decodable, Sendable {
        let text, source: String
    }

    /// One thing to do.
    struct Step: Decodable, Sendable {
        let lane: Lane
        let text: String
        let commands: [String]
        let rollback: Bool
        let source: String
    }

    let assumptions, exitCriteria, wontDo: [Statement]
    let steps: [Step]

    enum CodingKeys: String, CodingKey {
        case assumptions, steps
        case exitCriteria = "exit_criteria"
        case wontDo = "wont_do"
    }

    private static let sentence = JSONSchema(.string(count: 1...1000, .filled))
    private static let source = JSONSchema(.string(count: 0...500, .withoutNUL))

    private static let statements = JSONSchema(
        .array(
            of: .object(
                .init("text", sentence, isRequired: true),
                .init("source", source, isRequired: true)), atMost: 30))

    /// The form that models are told and held to.
    static let schema = JSONSchema.object(
        .init("assumptions", statements, isRequired: true),
        .init("exit_criteria", statements, isRequired: true),
        .init("wont_do", statements, isRequired: true),
        .init(
            "steps",
            JSONSchema(
                .array(
                    of: .object(
                        .init(
                            "lane", JSONSchema(.choice(Lane.allCases.map(\.rawValue))),
                            isRequired: true),
                        .init("text", sentence, isRequired: true),
                        .init(
                            "commands",
                            JSONSchema(
                                .array(
                                    of: JSONSchema(.string(count: 1...8000, .filled)),
                                    atMost: 20)), isRequired: true),
                        .init("rollback", JSONSchema(.boolean), isRequired: true),
                        .init("source", source, isRequired: true)), atMost: 60)),
            isRequired: true))

    /// Reads an answer strictly: one JSON object of the schema's form and nothing else.
    ///
    /// - Throws: `PlanErrors`.
    static func read(_ answer: String) throws(PlanErrors) -> PlanDraft {
        let bytes = Array(answer.utf8)
        let value: JSONValue
        do throws(JSONError) {
            value = try StrictJSON.parse(bytes)
        } catch {
            throw PlanErrors(sentences: ["the answer is not one JSON object: \(error)"])
        }
        let errors = schema.errors(in: value)
        guard errors.isEmpty else { throw PlanErrors(sentences: errors) }
        do throws(JSONError) {
            return try StrictJSON.decode(PlanDraft.self, from: bytes)
        } catch {
            throw PlanErrors(sentences: ["the answer does not have the schema's form: \(error)"])
        }
    }
}

/// What is wrong with a model's plan, in sentences that the model can act on.
struct PlanErrors: Error, Equatable, Sendable {
    let sentences: [String]
}
