import Foundation
import Glibc
import Orchestration
import Server
import ServiceLifecycle

/// Tells where the service listens.
struct Running: Encodable {
    private let token: String
    private let isJSON: Bool

    init(token: String, isJSON: Bool) {
        self.token = token
        self.isJSON = isJSON
    }

    /// Where it listens, as JSON on stdout or as a line on stderr.
    func announce(host: String, port: Int) {
        let url = "http://\(host):\(port)"
        guard isJSON else {
            return Console.note("conductor: serving \(url), MCP at \(url)/mcp; token in \(token)")
        }
        do {
            try Console.print(json: ["url": url, "mcp": url + "/mcp", "token_file": token])
        } catch {
            Console.note("conductor: \(error)")
        }
    }
}

/// Ends the program when what is at work takes longer than five seconds to finish.
///
/// Every write is a transaction or a rename, so nothing is left half done.
struct StopTimer: Service {
    private static let patience = 5.0

    @concurrent
    func run() async throws {
        try await gracefulShutdown()
        // A thread of its own: every shared one may be busy with what must be ended.
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: Self.patience)
            _exit(0)
        }
    }
}
