import ArgumentParser
import Foundation
import Glibc
import Orchestration

/// The command line's root: names the commands and turns every outcome into an exit code.
@main
struct Conductor: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "conductor",
        abstract: "A local memory for people and agents who run infrastructure.",
        discussion: """
            Reads runbooks and READMEs, finds passages by meaning and by name, cites them to the \
            line, and turns a goal into a gated plan. Offline, in one binary.

            Start with:  conductor index runbooks/
                         conductor search "pods stuck in CrashLoopBackOff"
                         conductor plan "cut the S3 bill"

            Exit codes: 0 done, 1 no match or failure, 2 usage, 3 findings or a closed gate, \
            4 drift, 5 not found, 6 busy, 7 model unavailable, 8 denied, 130 interrupted.
            """,
        version: version,
        subcommands: [
            IndexCommand.self, SearchCommand.self, GetCommand.self, FactsCommand.self,
            TimelineCommand.self, ContextCommand.self, PlanCommand.self, RetroCommand.self,
            SweepCommand.self, StatusCommand.self, EmbedCommand.self, VectorsCommand.self,
            EvalCommand.self,
            ServeCommand.self, MCPCommand.self,
        ])

    static func main() async {
        // What the memory holds is its owner's alone.
        umask(0o077)
        signal(SIGINT) { _ in
            // Every write is a transaction or a rename, so there is nothing to undo.
            _exit(130)
        }
        let arguments = GlobalOptions.movedBehindCommand(
            Array(CommandLine.arguments.dropFirst()), of: Conductor.self)
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            fail(error, arguments)
        }
        Glibc.exit(0)
    }

    /// Says what went wrong and ends; help and version are not failures.
    private static func fail(_ error: any Error, _ arguments: [String]) -> Never {
        let isParsing =
            exitCode(for: error) == .success || exitCode(for: error) == .validationFailure
        guard isParsing else {
            Failure(error).report(asJSON: arguments.contains("--json"))
        }
        let text = fullMessage(for: error)
        if exitCode(for: error) == .success {
            print(text)
            Glibc.exit(0)
        }
        if arguments.contains("--json") {
            let message = text.split(separator: "\n").first.map(String.init) ?? text
            Failure(
                code: "USAGE", message: message, next: "conductor --help", exitCode: .usage
            ).report(asJSON: true)
        }
        Console.note(text)
        Glibc.exit(Failure.Code.usage.rawValue)
    }
}
