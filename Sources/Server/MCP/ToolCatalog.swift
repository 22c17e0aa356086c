internal import Orchestration
internal import Store
internal import StrictJSON

/// The tools of MCP: operations, and two that bundle several under an action.
struct ToolCatalog: Sendable {
    /// In the order that clients are told.
    let tools: [Operation]

    init(_ operations: OperationCatalog) throws {
        tools = [
            operations.search, operations.get, operations.context, try Self.facts(),
            operations.remember, try Self.timeline(), operations.status, operations.plan,
        ]
    }

    subscript(name: String) -> Operation? { tools.first { $0.name == name } }

    /// Whichever of several answers an action has.
    private struct AnyReply: Codable, Sendable, SchemaDescribing {
        let value: JSONValue
        static var schema: JSONSchema { JSONSchema(.object([], isOpen: true)) }
        static var example: AnyReply { AnyReply(value: .object([:])) }

        init(value: JSONValue) {
            self.value = value
        }

        init(_ reply: some Encodable) throws {
            value = try JSONValue(encoding: reply)
        }

        init(from decoder: any Decoder) throws {
            value = try JSONValue(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            try value.encode(to: encoder)
        }
    }

    private static func action(_ names: [String]) -> JSONSchema.Member {
        .init("action", JSONSchema(.choice(names), note: "What to do."), isRequired: true)
    }

    private static func facts() throws -> Operation {
        try Operation(
            "facts", "Facts",
            "Accounts, budgets, endpoints, owners and other small truths by key. get and delete "
                + "take a key, set a key and a value, list a prefix.",
            .init(cost: .write, isDestructive: true),
            takes: [
                action(["get", "list", "set", "delete"]), Fields.key, Fields.value, Fields.prefix,
            ]
        ) { desk, arguments in
            switch try arguments.required("action") {
            case "get": try AnyReply(await desk.fact(arguments))
            case "set": try AnyReply(await desk.setFact(arguments))
            case "delete": try AnyReply(await desk.deleteFact(arguments))
            default: try AnyReply(await desk.facts(arguments))
            }
        }
    }

    private static func timeline() throws -> Operation {
        try Operation(
            "timeline", "Timeline",
            "What happened: list (since, agent, task_id, limit) or append (agent, event, summary, "
                + "task_id, artifacts).",
            .init(cost: .write, isIdempotent: false),
            takes: [
                action(["list", "append"]), Fields.agent, Fields.did, Fields.summary, Fields.task,
                Fields.artifacts, Fields.since, Fields.eventLimit,
            ]
        ) { desk, arguments in
            if try arguments.required("action") == "list" {
                return try AnyReply(await desk.events(arguments))
            }
            return try AnyReply(
                await desk.appendEvent(arguments, did: try arguments.required("event")))
        }
    }
}
