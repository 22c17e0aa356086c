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
        if line.allSatisfy(\.isWhitespace) {
            let end = lines[next...].firstIndex { !$0.allSatisfy(\.isWhitespace) } ?? lines.count
            add(.blank, through: end)
        } else if let fence = MarkdownFence(opening: line) {
            let close = lines[(next + 1)...].firstIndex { fence.isClosed(by: $0) }
            add(.fence(language: fence.language), through: (close ?? lines.count - 1) + 1)
        } else if let heading = Self.heading(line) {
            add(heading, through: next + 1)
        } else if next + 1 < lines.count, let heading = Self.setext(line, lines[next + 1]) {
            add(heading, through: next + 2)
        } else if isTableStart(next) {
            let end = lines[next...].firstIndex { !$0.contains("|") } ?? lines.count
            add(.table, through: end)
        } else {
            addText()
        }
    }

    private mutating func addText() {
        var end = next + 1
        while end < lines.count {
            let line = lines[end]
            if line.allSatisfy(\.isWhitespace) || MarkdownFence(opening: line) != nil
                || Self.heading(line) != nil || isTableStart(end)
            {
                break
            }
            if end + 1 < lines.count, Self.setext(line, lines[end + 1]) != nil { break }
            end += 1
        }
        add(.text, through: end)
    }

    private func isTableStart(_ index: Int) -> Bool {
        guard index + 1 < lines.count, lines[index].contains("|") else { return false }
        let delimiter = lines[index + 1].trimmed
        return delimiter.contains("-") && delimiter.contains("|")
            && delimiter.allSatisfy { "|-: \t".contains($0) }
    }

    private static func heading(_ line: String) -> MarkdownBlock.Kind? {
        guard line.prefix(while: { $0 == " " }).count <= 3 else { return nil }
        let trimmed = line.trimmed
        let level = trimmed.prefix { $0 == "#" }.count
        guard (1...6).contains(level) else { return nil }
        let rest = trimmed.dropFirst(level)
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        var text = String(rest).trimmed
        if let last = text.lastIndex(where: { $0 != "#" }), text.hasSuffix("#"),
            text[last].isWhitespace
        {
            text = String(text[..<last]).trimmed
        }
        return .heading(level: level, text: text)
    }

    private static func setext(_ line: String, _ underline: String) -> MarkdownBlock.Kind? {
        let marks = underline.trimmed
        guard marks.count >= 3, let mark = marks.first, mark == "=" || mark == "-",
            marks.allSatisfy({ $0 == mark }),
            let first = line.trimmed.first, !"-*+>|#0123456789`".contains(first)
        else { return nil }
        return .heading(level: mark == "=" ? 1 : 2, text: line.trimmed)
    }
}

/// The fence that opens a block of code.
struct MarkdownFence {
    let language: String
    private let mark: Character
    private let length: Int

    /// Nil where `line` opens no fence.
    ///
    /// Any indentation counts, because fences stand in lists.
    init?(opening line: String) {
        let trimmed = line.trimmed
        guard let mark = trimmed.first, mark == "`" || mark == "~" else { return nil }
        let length = trimmed.prefix { $0 == mark }.count
        let info = trimmed.dropFirst(length)
        guard length >= 3, mark == "~" || !info.contains("`") else { return nil }
        self.mark = mark
        self.length = length
        language =
            info.split { $0.isWhitespace || $0 == "{" || $0 == "," }
            .first.map { $0.lowercased() } ?? ""
    }

    func isClosed(by line: String) -> Bool {
        let trimmed = line.trimmed
        return trimmed.count >= length && trimmed.allSatisfy { $0 == mark }
    }
}

extension String {
    /// Without spaces and tabs at either end.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
