/// Tells the lane of a shell command from what it would run.
///
/// Whatever is not known to look, or to rehearse, belongs to `execute`: unknown programs, unknown
/// verbs, unknown flags, words that are only known when the line runs.
public enum CommandLane {
    /// Commands handed on by `watch` deeper than this are not followed.
    private static let nestingLimit = 4

    /// The lowest lane in which a command may run.
    ///
    /// The lane of a line is the highest of its parts: pipes, lists, substitutions, redirections.
    /// A `<name>` that stands for something counts in both its readings: filled in, and as the
    /// redirections that a shell would take it for.
    /// - Complexity: O(bytes).
    public static func lane(of command: String) -> Lane {
        lane(of: command, depth: 0)
    }

    private static func lane(of command: String, depth: Int) -> Lane {
        guard depth < nestingLimit else { return .execute }
        let line = ShellLine(command)
        let literal = lane(of: line, depth: depth)
        guard line.hasPlaceholders, literal < .execute else { return literal }
        return max(literal, lane(of: ShellLine(command, fillsPlaceholders: true), depth: depth))
    }

    private static func lane(of line: ShellLine, depth: Int) -> Lane {
        guard !line.isOpaque else { return .execute }
        let highest =
            line.commands.map { lane(of: $0, depth: depth) }.max()
            ?? (line.hasRefused ? .readOnly : .execute)
        // Files beside the reader are elsewhere once the folder is left.
        let isElsewhere = highest == .dryRun && line.commands.contains(where: leavesFolder)
        return isElsewhere ? .execute : highest
    }

    /// Whether a command goes to a folder that is not plainly inside of this one.
    private static func leavesFolder(_ command: ShellLine.SimpleCommand) -> Bool {
        guard let place = command.words.firstIndex(where: { $0.text == "cd" }) else { return false }
        let target = command.words[place...].dropFirst()
        guard let folder = target.first, target.count == 1, !folder.isOpen else { return true }
        return lane(ofOutput: folder.text) != .dryRun
    }

    private static func lane(of command: ShellLine.SimpleCommand, depth: Int) -> Lane {
        let outputs = command.outputs.map(lane(ofOutput:)).max() ?? .readOnly
        var words = command.words[...]
        while let name = words.first.flatMap({ ShellVariable.assignedName($0.text) }) {
            guard ShellVariable.isHarmless(name) else { return .execute }
            words.removeFirst()
        }
        guard !words.isEmpty else { return command.words.isEmpty ? .execute : outputs }
        return max(outputs, lane(ofProgram: words, depth: depth))
    }

    private static func lane(ofProgram words: ArraySlice<ShellWord>, depth: Int) -> Lane {
        var words = words
        while let program = words.popFirst() {
            guard !program.isOpen else { return .execute }
            switch program.text {
            case "time": continue
            case "timeout":
                guard let limit = words.popFirst(), !limit.isOpen,
                    let first = limit.text.utf8.first, first.isDigit
                else { return .execute }
            case "watch":
                if words.first?.text == "-n" { words = words.dropFirst(2) }
                guard let text = textForShell(words) else { return .execute }
                return lane(of: text, depth: depth + 1)
            default: return ToolRules.lane(of: program.text, words)
            }
        }
        return .execute
    }

    /// The words as `watch` joins them for its shell; nil where it would read them as its flags or
    /// one is only known when the line runs.
    private static func textForShell(_ words: ArraySlice<ShellWord>) -> String? {
        guard let first = words.first, !first.text.hasPrefix("-"),
            !words.contains(where: { $0.isOpen || $0.text.contains(ShellWord.unknown) })
        else { return nil }
        return words.map(\.text).joined(separator: " ")
    }

    /// The lane of writing a file.
    ///
    /// Nowhere, or standard output, is looking; a file beside the reader, not hidden and plainly
    /// named, is preparing; other places are changes.
    static func lane(ofOutput path: String) -> Lane {
        if ["/dev/null", "/dev/stdout", "/dev/stderr"].contains(path) { return .readOnly }
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = path.utf8.allSatisfy { byte in
            byte > 0x7F || byte.isDigit || byte.isLetter || "._/-+,@%:=".utf8.contains(byte)
        }
        // An absolute path begins with an empty part, and `..` and hidden names with a dot.
        let isBeside = parts.enumerated().allSatisfy { index, part in
            guard let first = part.first else { return false }
            let isHere = index == 0 && part.count == 1 && parts.count > 1
            return first == UInt8(ascii: ".") ? isHere : first != UInt8(ascii: "-")
        }
        return isPlain && isBeside ? .dryRun : .execute
    }
}
