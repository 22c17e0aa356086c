internal import HTTPTypes
internal import StrictJSON

/// A method and a path, and the operation behind them.
struct Endpoint: Sendable {
    /// The method.
    let method: HTTPRequest.Method
    /// The path, with names in braces: `/v1/kv/{key}`.
    let path: String
    /// What is done.
    let operation: Operation
    /// Changes what stood in the path into what the operation takes.
    var prepare: @Sendable ([String: JSONValue]) -> [String: JSONValue] = { $0 }
    /// Members that stand in the path, with their forms.
    var pathMembers: [JSONSchema.Member] = []
    /// Members of the operation that the path gives, under whatever name.
    var given: Set<String> = []

    /// Whether what is not in the path stands in a JSON body, rather than in the query.
    var hasBody: Bool { [.post, .put].contains(method) }

    /// The members of the query or of the body.
    var otherMembers: [JSONSchema.Member] {
        operation.input.members.filter { !given.contains($0.name) }
    }

    /// The form of the query or of the body.
    var otherSchema: JSONSchema { JSONSchema(.object(otherMembers, isOpen: false)) }

    /// The form of the path's members.
    var pathSchema: JSONSchema { JSONSchema(.object(pathMembers, isOpen: false)) }
}

/// Every endpoint that stands for an operation, once: routes and `/openapi.json` come from it.
struct EndpointCatalog: Sendable {
    let endpoints: [Endpoint]

    init(_ operations: OperationCatalog) {
        let key = Fields.required(Fields.key)
        func ofKey(_ method: HTTPRequest.Method, _ operation: Operation) -> Endpoint {
            Endpoint(
                method: method, path: "/v1/kv/{key}", operation: operation, pathMembers: [key],
                given: ["key"])
        }
        let docid = JSONSchema(
            .string(count: 12...13, .matching("^#?[0-9a-f]{12}$")), note: "A document's docid.")
        endpoints = [
            Endpoint(method: .post, path: "/v1/search", operation: operations.filteredSearch),
            Endpoint(method: .post, path: "/v1/context", operation: operations.context),
            Endpoint(method: .post, path: "/v1/plan", operation: operations.plan),
            Endpoint(method: .get, path: "/v1/kv", operation: operations.facts),
            ofKey(.get, operations.fact), ofKey(.put, operations.setFact),
            ofKey(.delete, operations.deleteFact),
            Endpoint(method: .get, path: "/v1/timeline", operation: operations.events),
            Endpoint(method: .post, path: "/v1/timeline", operation: operations.appendEvent),
            Endpoint(method: .post, path: "/v1/index", operation: operations.index),
            Endpoint(method: .get, path: "/v1/documents", operation: operations.documents),
            Endpoint(
                method: .get, path: "/v1/documents/{docid}", operation: operations.get,
                prepare: { members in
                    let docid = members["docid"]?.string ?? ""
                    return ["path": .string("#" + docid.drop { $0 == "#" })]
                },
                pathMembers: [.init("docid", docid, isRequired: true)], given: ["path"]),
            Endpoint(method: .get, path: "/v1/status", operation: operations.status),
        ]
    }
}
