/// One thing a runbook tells its reader to do: a list item or sentence, with its commands.
public struct Instruction: Sendable, Equatable {
    /// The headings above it, outermost first, as far as the passage shows them.
    public let headings: [String]
    /// What to do, on one line, code in ticks; may be empty where only a command stands.
    public let text: String
    /// The commands it gives, in order.
    public let commands: [ShellCommand]
    /// The 1-based lines it covers.
    public let lines: ClosedRange<Int>
    /// Whether it is an item of a list, rather than a paragraph or bare commands.
    public let isListItem: Bool

    /// The instructions of a passage, in order: list items with what is indented below them,
    /// paragraphs that lead up to a fence, and fences of shell commands on their own.
    ///
    /// - Parameters:
    ///   - text: the passage.
    ///   - firstLine: the number of its first line.
    ///   - headings: the headings above the passage.
    /// - Returns: the instructions.
    /// - Complexity: O(text).
    public static func instructions(
        in text: String, firstLine: Int, headings: [String]
    ) -> [Instruction] {
        var parser = InstructionParser(firstLine: firstLine, headings: headings)
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        var index = 0
        while index < lines.count { index = parser.read(lines, at: index) }
        return parser.finished()
    }
}

/// Collects instructions line by line.
private struct InstructionParser {
    private let firstLine: Int
    private var headings: [String]
    /// The passage's own headings with their levels; they replace inherited ones as they come.
    private var ownHeadings: [(level: Int, text: String)] = []
    private var result: [Instruction] = []
    private var open: (text: [String], commands: [ShellCommand], lines: ClosedRange<Int>)?
    private var openIsItem = false
    private var lastWasBlank = false

    init(firstLine: Int, headings: [String]) {
        self.firstLine = firstLine
        self.headings = headings
    }

    /// Reads at `index` and returns where to go on.
    mutating func read(_ lines: [String], at index: Int) -> Int {
        let line = lines[index]
        let number = firstLine + index
        if let fence = MarkdownFence(opening: line) {
            let close = lines[(index + 1)...].firstIndex { fence.isClosed(by: $0) } ?? lines.count
            addFence(fence, Array(lines[(index + 1)..<close]), at: number)
            lastWasBlank = false
            return close + 1
        }
        if line.allSatisfy(\.isWhitespace) {
            lastWasBlank = true
            return index + 1
        }
        if let heading = line.firstMatch(of: /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/) {
            close()
            enter(level: heading.1.count, text: String(heading.2))
        } else if let item = line.firstMatch(
            of: /^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.+)$/)
        {
            close()
            begin(String(item.1), at: number, isItem: true)
        } else if open != nil, !lastWasBlank || (openIsItem && line.first?.isWhitespace == true) {
            extend(line, to: number)
        } else {
            close()
            begin(line, at: number, isItem: false)
        }
        lastWasBlank = false
        return index + 1
    }

    mutating func finished() -> [Instruction] {
        close()
        return result
    }

    private mutating func enter(level: Int, text: String) {
        ownHeadings.removeAll { $0.level >= level }
        ownHeadings.append((level, PlainProse.text(of: text)))
    }

    private mutating func begin(_ text: String, at number: Int, isItem: Bool) {
        open = ([text.trimmed], Self.inlineCommands(in: text, at: number), number...number)
        openIsItem = isItem
    }

    private mutating func extend(_ line: String, to number: Int) {
        open?.text.append(line.trimmed)
        open?.commands += Self.inlineCommands(in: line, at: number)
        if let first = open?.lines.lowerBound { open?.lines = first...number }
    }

    private mutating func addFence(_ fence: MarkdownFence, _ body: [String], at number: Int) {
        let isShell = ShellCommand.languages.contains(fence.language)
        let commands =
            isShell ? ShellCommand.commands(inFence: body, firstLine: number + 1) : []
        let last = number + body.count + 1
        if open == nil {
            guard !commands.isEmpty else { return }
            open = ([], [], number...last)
            openIsItem = false
        }
        open?.commands += commands
        if let first = open?.lines.lowerBound { open?.lines = first...last }
        if !openIsItem { close() }
    }

    private mutating func close() {
        guard let current = open else { return }
        open = nil
        let text = PlainProse.textWithCode(of: current.text.joined(separator: " "))
        guard !text.isEmpty || !current.commands.isEmpty else { return }
        let own = ownHeadings.map(\.text)
        let inherited =
            own.isEmpty ? headings : headings.filter { !own.contains($0) }.prefix(1) + own
        result.append(
            Instruction(
                headings: inherited, text: text, commands: current.commands, lines: current.lines,
                isListItem: openIsItem))
    }

    /// Code spans that look like a command: a known tool and at least one argument.
    private static func inlineCommands(in line: String, at number: Int) -> [ShellCommand] {
        line.matches(of: /`([^`]+)`/).compactMap { match in
            let text = String(match.1).trimmed
            let words = text.split(separator: " ")
            guard words.count > 1, let tool = words.first, knownTools.contains(String(tool)) else {
                return nil
            }
            return ShellCommand(text: text, lines: number...number)
        }
    }

    private static let knownTools: Set<String> = [
        "aws", "kubectl", "oc", "terraform", "tofu", "helm", "git", "psql", "curl", "docker",
        "systemctl", "journalctl", "ssh", "dig", "openssl", "gcloud", "az", "eksctl", "stripe",
        "supabase", "vercel", "make", "jq", "gh", "redis-cli", "rm", "sudo", "kill", "pg_dump",
    ]
}
