import ArgumentParser

/// What every command knows of where and how to answer.
protocol MemoryOptions {
    /// The folder that paths are relative to.
    var root: String? { get }
    /// The agent definition's file.
    var agent: String? { get }
    /// Whether to answer with one JSON object.
    var json: Bool { get }
}

/// The options of the timeline's commands, where `--agent` is who did something: the definition's
/// file is named before the command.
struct TimelineOptions: ParsableArguments, MemoryOptions {
    @Option(help: "The folder that paths are relative to; else CONDUCTOR_ROOT, else found.")
    var root: String?

    @Option(name: .customLong(GlobalOptions.definitionName), help: .hidden)
    var agent: String?

    @Flag(help: "Print one JSON object.")
    var json = false
}

/// The options that every command takes.
struct GlobalOptions: ParsableArguments, MemoryOptions {
    /// What `--agent` before a timeline command becomes behind it.
    static let definitionName = "agent-definition"

    @Option(help: "The folder that paths are relative to; else CONDUCTOR_ROOT, else found.")
    var root: String?

    @Option(help: "The agent definition; else agents/conductor.md below the root.")
    var agent: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    /// Moves `--root`, `--agent` and `--json` that stand before the command behind it, because
    /// the parser takes a command's options only there.
    static func movedBehindCommand(
        _ arguments: [String], of root: any ParsableCommand.Type
    ) -> [String] {
        var moved: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if first == "--json" || first.hasPrefix("--root=") || first.hasPrefix("--agent=") {
                moved.append(first)
                rest.removeFirst()
            } else if first == "--root" || first == "--agent" {
                moved += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else {
                break
            }
        }
        guard !moved.isEmpty else { return arguments }
        var command: [String] = []
        var type = root
        while let word = rest.first,
            let next = type.configuration.subcommands.first(where: {
                $0.configuration.commandName == word
            })
        {
            command.append(word)
            rest.removeFirst()
            type = next
        }
        if command.first == TimelineCommand.configuration.commandName {
            moved = moved.map { $0.replacing(/^--agent(?==|$)/, with: "--\(definitionName)") }
        }
        return command.isEmpty ? moved + rest : command + moved + rest
    }
}
