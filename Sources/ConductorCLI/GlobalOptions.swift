import ArgumentParser

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
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
        return command.isEmpty ? moved + rest : command + moved + rest
    }
}
