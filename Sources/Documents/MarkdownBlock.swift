/// A run of lines of a Markdown file that belongs together.
public struct MarkdownBlock: Sendable, Equatable {
    /// What the lines are.
    public enum Kind: Sendable, Equatable {
        /// The YAML block at line 1.
        case frontMatter
        /// A heading of level 1 to 6, with its plain text.
        case heading(level: Int, text: String)
        /// Fenced code, fences included, with the first word of its info string.
        case fence(language: String)
        /// A table with its delimiter row.
        case table
        /// Anything else: a paragraph, a list, a quotation.
        case text
        /// Blank lines.
        case blank
    }

    /// What the lines are.
    public let kind: Kind
    /// 1-based, both ends included.
    public let lines: ClosedRange<Int>

    /// The blocks of a file in order; together they cover every line once.
    ///
    /// - Parameters:
    ///   - source: the file.
    ///   - frontMatter: its front matter, whose lines are one block.
    /// - Returns: the blocks.
    /// - Complexity: O(lines).
    /// - Source: CommonMark 0.31 (headings, fences), GFM (tables); lists and quotations stay text.
    public static func blocks(
        of source: SourceText, after frontMatter: FrontMatter?
    ) -> [MarkdownBlock] {
        var parser = MarkdownBlockParser(lines: source.lines)
        if let frontMatter {
            parser.add(.frontMatter, through: frontMatter.lines.upperBound)
        }
        return parser.finished()
    }
}

/// Walks over lines and closes blocks.
private struct MarkdownBlockParser {
    let lines: [String]
    private var blocks: [MarkdownBlock] = []
    /// The 0-based line that is read next.
    private var next = 0

    init(lines: [String]) {
        self.lines = lines
    }

    mutating func add(_ kind: MarkdownBlock.Kind, through lastLine: Int) {
        blocks.append(MarkdownBlock(kind: kind, lines: (next + 1)...lastLine))
        next = lastLine
    }

    mutating func finished() -> [MarkdownBlock] {
        while next < lines.count { step() }
        return blocks
    }

    private mutating func step() {
        let line = lines[next]
        if line.isBlank {
            let end = lines[next...].firstIndex { !$0.isBlank } ?? lines.count
            add(.blank, through: end)
        } else if let fence = MarkdownFence(opening: line) {
            let close = lines[(next + 1)...].firstIndex { fence.isClosed(by: $0) }
            add(.fence(language: fence.language), through: (close ?? lines.count - 1) + 1)
        } else if let heading = MarkdownHeading(line) {
            add(.heading(level: heading.level, text: heading.text), through: next + 1)
        } else if let heading = underlinedHeading(at: next) {
            add(.heading(level: heading.level, text: heading.text), through: next + 2)
        } else if isTableStart(next) {
            let end = lines[(next + 2)...].firstIndex { !Self.isTableRow($0) } ?? lines.count
            add(.table, through: end)
        } else {
            let end = lines[(next + 1)...].indices.first { endsText(at: $0) } ?? lines.count
            add(.text, through: end)
        }
    }

    private func underlinedHeading(at index: Int) -> MarkdownHeading? {
        guard index + 1 < lines.count else { return nil }
        return MarkdownHeading(lines[index], underline: lines[index + 1])
    }

    private func endsText(at index: Int) -> Bool {
        lines[index].isBlank || Self.beginsBlock(lines[index]) || isTableStart(index)
            || underlinedHeading(at: index) != nil
    }

    private func isTableStart(_ index: Int) -> Bool {
        guard index + 1 < lines.count, lines[index].contains("|") else { return false }
        let delimiter = lines[index + 1].trimmed
        return delimiter.contains("-") && delimiter.contains("|")
            && delimiter.allSatisfy { "|-: \t".contains($0) }
    }

    private static func isTableRow(_ line: String) -> Bool {
        line.contains("|") && !beginsBlock(line)
    }

    private static func beginsBlock(_ line: String) -> Bool {
        MarkdownFence(opening: line) != nil || MarkdownHeading(line) != nil
    }
}
