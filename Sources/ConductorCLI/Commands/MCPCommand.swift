import ArgumentParser
import Foundation
import Glibc
import Orchestration
import Server

struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Serve the memory's tools to an agent: MCP on stdin and stdout.",
        discussion: """
            For the settings of an agent, not for a person at a terminal. Speaks MCP 2026-07-28 and, \
            for older clients, 2024-11-05 to 2025-11-25. Ends when stdin ends.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "The most seconds that models may take for one plan.")
    var deadline = 300

    func validate() throws {
        guard (1...86_400).contains(deadline) else {
            throw ValidationError("--deadline takes 1 to 86400 seconds.")
        }
    }

    func run() async throws {
        // Who stops reading ends the session, not the program in the middle of a write.
        signal(SIGPIPE, SIG_IGN)
        // From here on whatever any part of the program prints lands on stderr: stdout carries
        // nothing but the protocol.
        let output = dup(STDOUT_FILENO)
        guard output >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
            throw Failure(
                code: "SYSTEM", message: "stdout: \(String(cString: strerror(errno)))",
                next: "start it with stdin and stdout open", exitCode: .failure)
        }
        let settings = try Settings(options)
        let desk = try await settings.desk(planLimit: .seconds(deadline), limits: .oneClient)
        try await MCPStdio(desk: desk, version: Conductor.version, output: output)
            .run(input: STDIN_FILENO)
    }
}
