internal import StrictJSON

/// The revisions of MCP that are spoken here.
enum MCPRevision {
    /// Without a handshake: every request says its version itself.
    static let modern = "2026-07-28"
    /// Begun with `initialize`, the oldest first.
    static let handshake = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
    /// What a client of the older era gets that asks for something unknown.
    static let latestHandshake = "2025-11-25"

    static let versionKey = "io.modelcontextprotocol/protocolVersion"
    static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
    static let serverKey = "io.modelcontextprotocol/serverInfo"

    /// The version that a request says in its own envelope; nil in the older era.
    static func version(of params: JSONValue) -> String? {
        params["_meta"]?[versionKey]?.string
    }

    /// Holds a request of the newer era to its envelope.
    ///
    /// - Throws: `RPCError` for a missing part, or a version that is not spoken.
    static func checkEnvelope(_ params: JSONValue) throws(RPCError) {
        guard let version = version(of: params) else {
            throw RPCError(
                code: .invalidParams,
                message: "_meta must hold \(versionKey); older clients send initialize first")
        }
        guard version == modern else {
            throw RPCError(
                code: .unsupportedVersion, message: "unsupported protocol version",
                data: .object([
                    "supported": .array([.string(modern)]), "requested": .string(version),
                ]))
        }
        guard params["_meta"]?[capabilitiesKey]?.object != nil else {
            throw RPCError(code: .invalidParams, message: "_meta must hold \(capabilitiesKey)")
        }
    }
}
