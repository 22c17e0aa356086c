internal import HTTPTypes
internal import StrictJSON

/// `/openapi.json`, made from the endpoints that serve.
///
/// - Source: OpenAPI 3.1.0.
struct OpenAPI: Sendable {
    let document: JSONValue

    init(_ catalog: EndpointCatalog, version: String) {
        var paths: [String: JSONValue] = [:]
        for endpoint in catalog.endpoints {
            var item = paths[endpoint.path]?.object ?? [:]
            item[endpoint.method.rawValue.lowercased()] = Self.operation(endpoint)
            paths[endpoint.path] = .object(item)
        }
        document = .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("conductor"), "version": .string(version),
                "description": .string("A local memory of runbooks, facts and events."),
            ]),
            "paths": .object(paths),
            "security": .array([.object(["token": .array([])])]),
            "components": .object([
                "securitySchemes": .object([
                    "token": .object(["type": .string("http"), "scheme": .string("bearer")])
                ]),
                "schemas": .object(["Error": Self.errorSchema]),
            ]),
        ])
    }

    private static func operation(_ endpoint: Endpoint) -> JSONValue {
        let operation = endpoint.operation
        var members: [String: JSONValue] = [
            "operationId": .string(operation.name),
            "summary": .string(operation.title),
            "description": .string(operation.summary),
            "responses": .object([
                "200": response("The answer.", operation.output.json),
                "default": response(
                    "An error.", .object(["$ref": .string("#/components/schemas/Error")])),
            ]),
        ]
        var parameters = endpoint.pathMembers.map { parameter($0, in: "path") }
        if endpoint.hasBody {
            members["requestBody"] = .object([
                "required": .bool(true),
                "content": content(endpoint.otherSchema.json),
            ])
        } else {
            parameters += endpoint.otherMembers.map { parameter($0, in: "query") }
        }
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        return .object(members)
    }

    private static func parameter(_ member: JSONSchema.Member, in place: String) -> JSONValue {
        .object([
            "name": .string(member.name), "in": .string(place),
            "required": .bool(member.isRequired), "schema": member.schema.json,
        ])
    }

    private static func response(_ description: String, _ schema: JSONValue) -> JSONValue {
        .object(["description": .string(description), "content": content(schema)])
    }

    private static func content(_ schema: JSONValue) -> JSONValue {
        .object(["application/json": .object(["schema": schema])])
    }

    private static var errorSchema: JSONValue {
        let text = JSONSchema(.string(count: nil, .any))
        let details = JSONSchema(.object([], isOpen: true))
        return JSONSchema.object(
            .init(
                "error",
                .object(
                    .init("code", text, isRequired: true),
                    .init("message", text, isRequired: true),
                    .init("next", text, isRequired: true),
                    .init("details", details, isRequired: true)), isRequired: true)
        ).json
    }
}
