internal import StrictJSON

/// A message of a client, understood.
///
/// - Source: JSON-RPC 2.0, with MCP's narrower ids: texts and whole numbers.
enum RPCMessage: Sendable {
    /// Wants an answer.
    case request(id: JSONValue, method: String, params: JSONValue)
    /// Wants none.
    case notification(method: String, params: JSONValue)
    /// Answers something; nothing is ever asked, so it means nothing.
    case response

    /// Reads a message.
    ///
    /// - Throws: `RPCError.invalidRequest`, with the id that the answer should have.
    init(_ value: JSONValue) throws(RPCFault) {
        guard case .object(let members) = value else {
            throw RPCFault(id: .null, error: Self.invalid("a message is an object"))
        }
        let id = Self.id(members["id"])
        func refused(_ why: String) -> RPCFault {
            RPCFault(id: id ?? .null, error: Self.invalid(why))
        }
        guard members["jsonrpc"]?.string == "2.0" else { throw refused("jsonrpc must be \"2.0\"") }
        guard let named = members["method"] else {
            guard members["result"] != nil || members["error"] != nil else {
                throw refused("method is missing")
            }
            self = .response
            return
        }
        guard let method = named.string else { throw refused("method must be a text") }
        let params = members["params"] ?? .object([:])
        guard case .object = params else { throw refused("params must be an object") }
        guard members["id"] != nil else {
            self = .notification(method: method, params: params)
            return
        }
        guard let id else { throw refused("id must be a text or a whole number") }
        self = .request(id: id, method: method, params: params)
    }

    private static func id(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case .string, .integer: value
        default: nil
        }
    }

    private static func invalid(_ message: String) -> RPCError {
        RPCError(code: .invalidRequest, message: message)
    }
}

/// An error with the id of the message that it answers.
struct RPCFault: Error, Sendable {
    let id: JSONValue
    let error: RPCError
}
