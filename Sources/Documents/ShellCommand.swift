/// A command line that a document tells its reader to type.
public struct ShellCommand: Sendable, Hashable {
    /// The command, continuation lines joined by LF, prompts removed.
    public let text: String
    /// The 1-based lines it covers.
    public let lines: ClosedRange<Int>

    /// A command at some lines.
    public init(text: String, lines: ClosedRange<Int>) {
        self.text = text
        self.lines = lines
    }

    /// Languages of fences that hold commands; a fence without a language may too.
    static let languages: Set<String> = ["sh", "bash", "shell", "zsh", "console", "shell-session"]

    /// The commands in the lines between two fences.
    ///
    /// Comments and blank lines are left out, `$ ` prompts removed, lines that end in `\` joined
    /// with the next, and here-documents, open quotes and open `$(…)` kept whole. Where any line has
    /// a prompt, the lines without one are output and left out.
    ///
    /// - Parameters:
    ///   - body: the lines between the fences.
    ///   - firstLine: the 1-based number of the first of them.
    /// - Returns: the commands in order.
    /// - Complexity: O(text).
    static func commands(inFence body: [String], firstLine: Int) -> [ShellCommand] {
        let hasPrompts = body.contains { $0.trimmed.hasPrefix("$ ") }
        var commands: [ShellCommand] = []
        var open: OpenCommand?
        for (index, line) in body.enumerated() {
            if open == nil {
                open = OpenCommand(line, at: firstLine + index, hasPrompt: hasPrompts)
            } else {
                open?.append(line)
            }
            if let command = open, !command.isOpen {
                commands.append(command.finished)
                open = nil
            }
        }
        if let open { commands.append(open.finished) }
        return commands
    }
}

/// A command that may go on with the next line.
private struct OpenCommand {
    private var text: [String]
    private let firstLine: Int
    private let indentation: Int
    private var scanner = ShellScanner()

    /// Nil where the line holds no command.
    init?(_ line: String, at number: Int, hasPrompt: Bool) {
        var command = line.trimmed
        if hasPrompt {
            guard command.hasPrefix("$ ") else { return nil }
            command = String(command.dropFirst(2)).trimmed
        }
        guard !command.isEmpty, !command.hasPrefix("#") else { return nil }
        text = [command]
        firstLine = number
        indentation = line.prefix { $0 == " " || $0 == "\t" }.count
        scanner.read(command)
    }

    var isOpen: Bool { scanner.isOpen }

    var finished: ShellCommand {
        ShellCommand(
            text: text.joined(separator: "\n"), lines: firstLine...(firstLine + text.count - 1))
    }

    /// Takes the next line without the fence's own indentation.
    mutating func append(_ line: String) {
        let spaces = line.prefix(indentation).prefix { $0 == " " || $0 == "\t" }.count
        let content = String(line.dropFirst(spaces))
        let kept = scanner.keepsSpaces ? content : String(content.trimmedAtEnd)
        scanner.read(kept)
        text.append(kept)
    }
}
