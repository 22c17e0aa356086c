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
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        var index = 0
        while index < lines.count { index = parser.read(lines, at: index) }
        return parser.finished()
    }
}
