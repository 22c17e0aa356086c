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
    /// with the next, and here-documents and open quotes kept whole. Where any line has a prompt,
    /// the lines without one are output and left out.
    ///
    /// - Parameters:
    ///   - body: the lines between the fences.
    ///   - firstLine: the 1-based number of the first of them.
    /// - Returns: the commands in order.
    static func commands(inFence body: [String], firstLine: Int) -> [ShellCommand] {
        let hasPrompts = body.contains { $0.trimmed.hasPrefix("$ ") }
        var commands: [ShellCommand] = []
        var open: (text: String, start: Int)?
        var terminator: String?
        var indentation = 0
        for (index, line) in body.enumerated() {
            let number = firstLine + index
            var text = line.trimmed
            if let current = open {
                open = (
                    current.text + "\n" + line.dropIndentation(upTo: indentation), current.start
                )
            } else {
                guard !text.isEmpty, !text.hasPrefix("#") else { continue }
                if hasPrompts {
                    guard text.hasPrefix("$ ") else { continue }
                    text = String(text.dropFirst(2)).trimmed
                }
                open = (text, number)
                indentation = line.prefix { $0 == " " }.count
                terminator = hereDocumentEnd(text)
            }
            guard let current = open else { continue }
            if let end = terminator {
                guard text == end, number > current.start else { continue }
            } else if text.hasSuffix("\\") || hasOpenQuote(current.text) {
                continue
            }
            commands.append(ShellCommand(text: current.text, lines: current.start...number))
            (open, terminator) = (nil, nil)
        }
        if let open {
            let lines = open.start...(firstLine + body.count - 1)
            commands.append(ShellCommand(text: open.text, lines: lines))
        }
        return commands
    }

    /// The word that ends a here-document which `line` begins.
    private static func hereDocumentEnd(_ line: String) -> String? {
        guard let match = line.firstMatch(of: /<<-?\s*["']?([A-Za-z_][A-Za-z_0-9]*)["']?/) else {
            return nil
        }
        return String(match.1)
    }

    private static func hasOpenQuote(_ text: String) -> Bool {
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            }
        }
        return quote != nil
    }
}

extension String {
    /// Without the spaces it starts with, but at most `limit` of them, and without trailing ones.
    fileprivate func dropIndentation(upTo limit: Int) -> String {
        let spaces = prefix { $0 == " " }.count
        var rest = dropFirst(Swift.min(spaces, limit))
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
