/// Tells the lane of a shell command from what it would run.
///
/// A first, conservative classifier: whatever it does not know belongs to `execute`.
public enum CommandLane {
    /// Substitutions nested deeper than this are not followed.
    private static let nestingLimit = 4

    /// The lowest lane in which a command may run.
    ///
    /// The lane of a line is the highest of its parts: pipes, lists, substitutions, redirections.
    /// - Complexity: O(characters).
    public static func lane(of command: String) -> Lane {
        lane(of: command, depth: 0)
    }

    private static func lane(of command: String, depth: Int) -> Lane {
        guard depth < nestingLimit else { return .execute }
        let line = ShellLine(command)
        guard !line.isOpaque, !line.commands.isEmpty else { return .execute }
        var lanes = line.commands.map(lane(of:))
        lanes += line.substitutions.map { lane(of: $0, depth: depth + 1) }
        return lanes.max() ?? .execute
    }

    private static func lane(of command: ShellLine.SimpleCommand) -> Lane {
        let outputs = command.outputs.map(lane(ofOutput:)).max() ?? .readOnly
        var words = command.words[...]
        while let word = words.first, let name = assignedName(word) {
            guard !dangerousVariables.contains(where: name.hasPrefix) else { return .execute }
            words.removeFirst()
        }
        guard let tool = words.first else { return command.words.isEmpty ? .execute : outputs }
        return max(outputs, lane(of: tool, Array(words.dropFirst())))
    }

    private static func lane(of tool: String, _ arguments: [String]) -> Lane {
        if let rest = wrappedCommand(tool, arguments) {
            guard let inner = rest.first else { return .execute }
            return lane(of: inner, Array(rest.dropFirst()))
        }
        // A program named by a path, or by a variable, could be anything.
        guard !tool.contains("/"), !tool.contains("$"), let rule = ToolRules.rules[tool] else {
            return .execute
        }
        return rule(arguments)
    }

    /// Where output may go: nowhere, or a new file beside the reader; other places are changes.
    private static func lane(ofOutput path: String) -> Lane {
        if path == "/dev/null" || path == "/dev/stderr" { return .readOnly }
        let isBeside =
            !path.hasPrefix("/") && !path.hasPrefix("~") && !path.contains("..")
            && !path.contains("$")
        return isBeside ? .dryRun : .execute
    }

    /// The command that `time`, `timeout` and `watch` run.
    private static func wrappedCommand(_ tool: String, _ arguments: [String]) -> ArraySlice<String>?
    {
        switch tool {
        case "time": return arguments[...]
        case "timeout":
            guard let first = arguments.first, first.first?.isNumber == true else { return [] }
            return arguments.dropFirst()
        case "watch":
            var rest = arguments[...]
            if rest.first == "-n" { rest = rest.dropFirst(2) }
            return rest.first?.hasPrefix("-") == true ? [] : rest
        default: return nil
        }
    }

    private static func assignedName(_ word: String) -> String? {
        guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { return nil }
        let name = word[..<equals]
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }),
            name.first?.isNumber == false
        else { return nil }
        return String(name)
    }

    /// Variables that change which program runs.
    private static let dangerousVariables = [
        "PATH", "LD_", "DYLD_", "GIT_", "BASH_", "ENV", "IFS", "PAGER", "EDITOR", "KUBECONFIG",
        "TF_CLI", "PYTHON", "NODE_", "PERL", "RUBY",
    ]
}
