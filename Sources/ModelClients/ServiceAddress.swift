internal import Foundation
internal import Orchestration

/// Where a model's service listens: an address that text may be sent to.
struct ServiceAddress: Sendable, Equatable {
    /// `http://127.0.0.1:11434`, without a slash at its end.
    let base: String
    /// `127.0.0.1:11434`, for people and for notes of what was sent.
    let host: String
    /// Whether it is this machine.
    let isLoopback: Bool

    /// Reads an address.
    ///
    /// - Throws: `ModelError.notConfigured` for anything but `https`, or `http` on this machine.
    ///
    /// - Parameters:
    ///   - text: the address, with or without its scheme.
    ///   - name: the setting, for the error.
    ///   - defaultPort: the port where neither a scheme nor a port is given.
    init(_ text: String, named name: String, defaultPort: Int? = nil) throws(ModelError) {
        func refused(_ why: String) -> ModelError { .notConfigured("\(name) \(why)") }
        var full = text.contains("://") ? text : "http://" + text
        if let defaultPort, !text.contains("://"), URLComponents(string: full)?.port == nil {
            full += ":\(defaultPort)"
        }
        guard let parts = URLComponents(string: full), let host = parts.host, !host.isEmpty else {
            throw refused("is no address")
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { throw refused("must not hold a user, a password, a query or a fragment") }
        isLoopback = Self.loopback.contains(host.lowercased())
        switch parts.scheme?.lowercased() {
        case "https": break
        case "http" where isLoopback: break
        case "http": throw refused("must be https: it is not this machine")
        default: throw refused("must be https")
        }
        var base = full
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
        self.host = parts.port.map { "\(host):\($0)" } ?? host
    }

    private static let loopback: Set<String> = ["127.0.0.1", "localhost", "::1", "[::1]"]
}
