import ArgumentParser
import Foundation
import Glibc
import Logging
import Orchestration
import Server
import ServiceLifecycle
import Store
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the memory over HTTP, with MCP at /mcp, to this machine only.",
        discussion: """
            Clients send Authorization: Bearer and the token of the token file, which is made with \
            mode 0600 where it is missing. /openapi.json tells every route. SIGTERM and Ctrl-C \
            finish the requests at work, for up to five seconds.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "A loopback address: 127.0.0.1, localhost or ::1.")
    var host = "127.0.0.1"
    @Option(help: "The port; 0 takes a free one.")
    var port = 7341
    @Option(help: "The token's file; else http.token in the memory's folder.", completion: .file())
    var tokenFile: String?
    @Option(help: "The most seconds that models may take for one plan.")
    var deadline = 300
    @Flag(help: "Tell every request on stderr: method, route, status, time; never what was sent.")
    var accessLog = false

    func validate() throws {
        guard ["127.0.0.1", "localhost", "::1"].contains(host) else {
            throw ValidationError(
                "--host takes a loopback address; the memory stays on this machine.")
        }
        guard (0...65535).contains(port) else { throw ValidationError("--port takes 0 to 65535.") }
        guard (1...86_400).contains(deadline) else {
            throw ValidationError("--deadline takes 1 to 86400 seconds.")
        }
    }

    func run() async throws {
        // Whoever stops the service lets it finish.
        signal(SIGINT, SIG_IGN)
        let settings = try Settings(options)
        try AtomicFile.makeFolder(settings.memory.folder)
        let token = try TokenFile(tokenFile ?? settings.memory.folder + "/http.token")
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "conductor")
        logger.logLevel = accessLog ? .info : .warning
        let service = try HTTPService(
            desk: try await settings.desk(planLimit: .seconds(deadline)), token: token,
            version: Conductor.version)
        let running = Running(token: token.path, isJSON: options.json)
        let application = service.application(host: host, port: port, logger: logger) {
            running.announce(host: host == "::1" ? "[::1]" : host, port: $0)
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [application, StopTimer()],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            throw Failure(
                code: "SERVE",
                message: "cannot serve at \(host):\(port); is the port taken? (\(error))",
                next: "conductor serve --port 0", exitCode: .failure)
        }
    }
}
