internal import StrictJSON

/// Why a message was not served, by JSON-RPC's and MCP's own numbers.
struct RPCError: Error, Equatable, Sendable {
    /// The numbers.
    enum Code: Int64, Sendable {
        case parse = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case internalError = -32603
        case headerMismatch = -32020
        case unsupportedVersion = -32022
    }

    let code: Code
    let message: String
    var data: JSONValue?

    /// The message that answers `id` with this error.
    func reply(to id: JSONValue) -> JSONValue {
        var error: [String: JSONValue] = [
            "code": .integer(code.rawValue), "message": .string(message),
        ]
        error["data"] = data
        return .object(["jsonrpc": .string("2.0"), "id": id, "error": .object(error)])
    }
}
