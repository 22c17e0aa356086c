internal import HTTPTypes
internal import Orchestration
internal import StrictJSON

/// MCP over HTTP: one POST a message, one JSON answer, no sessions.
///
/// - Source: MCP 2026-07-28, Streamable HTTP; older clients are served without a session.
struct MCPEndpoint: Sendable {
    private let server: MCPServer
    private let batchLimit: Int

    init(_ server: MCPServer, batchLimit: Int) {
        self.server = server
        self.batchLimit = batchLimit
    }

    private static let version = HTTPField.Name("mcp-protocol-version") ?? .expect
    private static let method = HTTPField.Name("mcp-method") ?? .expect
    private static let name = HTTPField.Name("mcp-name") ?? .expect

    /// The answer to a body; nil where it asks for none.
    func answer(
        to body: JSONValue, _ fields: HTTPFields
    ) async -> (status: HTTPResponse.Status, body: JSONValue?) {
        // The revision of 2025-03-26, which names itself by sending no version, may send several.
        if case .array(let batch) = body, !batch.isEmpty, batch.count <= batchLimit,
            fields[Self.version] == nil
        {
            var replies: [JSONValue] = []
            for message in batch {
                if let reply = await one(message, fields).body { replies.append(reply) }
            }
            return replies.isEmpty ? (.accepted, nil) : (.ok, .array(replies))
        }
        return await one(body, fields)
    }

    private func one(
        _ value: JSONValue, _ fields: HTTPFields
    ) async -> (status: HTTPResponse.Status, body: JSONValue?) {
        let message: RPCMessage
        do throws(RPCFault) {
            message = try RPCMessage(value)
        } catch {
            return (.badRequest, error.error.reply(to: error.id))
        }
        guard case .request(let id, let method, let params) = message else {
            return (.accepted, nil)
        }
        let told = fields[Self.version]
        let isModern = MCPRevision.version(of: params) != nil || told == MCPRevision.modern
        do throws(RPCError) {
            let result: JSONValue
            if isModern {
                try MCPRevision.checkEnvelope(params)
                try check(fields, method, params)
                result = try await server.modernResult(method, params)
            } else {
                if let told, !MCPRevision.handshake.contains(told) {
                    throw RPCError(
                        code: .unsupportedVersion, message: "unsupported protocol version",
                        data: .object([
                            "supported": .array([.string(MCPRevision.modern)]),
                            "requested": .string(told),
                        ]))
                }
                result = try await server.handshakeResult(method, params)
            }
            return (.ok, .object(["jsonrpc": .string("2.0"), "id": id, "result": result]))
        } catch {
            return (Self.status(of: error, isModern: isModern), error.reply(to: id))
        }
    }

    /// What stands in the headers must be what stands in the body.
    private func check(
        _ fields: HTTPFields, _ method: String, _ params: JSONValue
    ) throws(RPCError) {
        func same(_ name: HTTPField.Name, _ value: String?) throws(RPCError) {
            let told = fields[values: name]
            guard told.count == 1, told.first.flatMap(HeaderText.decoded) == value else {
                throw RPCError(
                    code: .headerMismatch, message: "\(name.rawName) is not what the body says")
            }
        }
        try same(Self.version, MCPRevision.version(of: params))
        try same(Self.method, method)
        if method == "tools/call" { try same(Self.name, params["name"]?.string) }
    }

    private static func status(of error: RPCError, isModern: Bool) -> HTTPResponse.Status {
        guard isModern else { return error.code == .unsupportedVersion ? .badRequest : .ok }
        switch error.code {
        case .methodNotFound: return .notFound
        case .internalError: return .internalServerError
        default: return .badRequest
        }
    }
}
