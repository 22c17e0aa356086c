/// Collects instructions line by line.
struct InstructionParser {
    private let firstLine: Int
    /// The headings above the passage; its own first one may be the last of them until it comes.
    private var headings: [String]
    /// The passage's own headings above the next line.
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
            let close = lines[(index + 1)...].firstIndex { fence.isClosed(by: $0) }
            let last = close ?? lines.count - 1
            let body = lines[(index + 1)..<(close ?? lines.count)]
            addFence(fence, Array(body), at: number...(firstLine + last))
            lastWasBlank = false
            return last + 1
        }
        if line.isBlank {
            lastWasBlank = true
            return index + 1
        }
        if let heading = MarkdownHeading(line) {
            close()
            enter(heading)
        } else if index + 1 < lines.count,
            let heading = MarkdownHeading(line, underline: lines[index + 1])
        {
            close()
            enter(heading)
            lastWasBlank = false
            return index + 2
        } else if let item = MarkdownListItem(line) {
            close()
            begin(item.text, at: number, isItem: true)
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

    private mutating func enter(_ heading: MarkdownHeading) {
        let text = PlainProse.text(of: heading.text)
        if ownHeadings.isEmpty,
            let own = headings.lastIndex(where: { PlainProse.text(of: $0) == text })
        {
            headings.removeSubrange(own...)
        }
        ownHeadings.removeAll { $0.level >= heading.level }
        if !text.isEmpty { ownHeadings.append((heading.level, text)) }
    }

    private mutating func begin(_ text: String, at number: Int, isItem: Bool) {
        open = ([text.trimmed], ShellCommand.inline(in: text, at: number), number...number)
        openIsItem = isItem
    }

    private mutating func extend(_ line: String, to number: Int) {
        open?.text.append(line.trimmed)
        open?.commands += ShellCommand.inline(in: line, at: number)
        if let first = open?.lines.lowerBound { open?.lines = first...number }
    }

    private mutating func addFence(
        _ fence: MarkdownFence, _ body: [String], at lines: ClosedRange<Int>
    ) {
        let isShell = ShellCommand.languages.contains(fence.language)
        let commands =
            isShell ? ShellCommand.commands(inFence: body, firstLine: lines.lowerBound + 1) : []
        if open == nil {
            guard !commands.isEmpty else { return }
            open = ([], [], lines)
            openIsItem = false
        }
        open?.commands += commands
        if let first = open?.lines.lowerBound { open?.lines = first...lines.upperBound }
        if !openIsItem { close() }
    }

    private mutating func close() {
        guard let current = open else { return }
        open = nil
        let text = PlainProse.textWithCode(of: current.text.joined(separator: " "))
        guard !text.isEmpty || !current.commands.isEmpty else { return }
        result.append(
            Instruction(
                headings: headings + ownHeadings.map(\.text), text: text,
                commands: current.commands, lines: current.lines, isListItem: openIsItem))
    }
}
