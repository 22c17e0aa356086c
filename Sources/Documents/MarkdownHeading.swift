/// A heading of Markdown, with its plain text.
///
/// - Source: CommonMark 0.31, 4.2 and 4.3.
struct MarkdownHeading {
    let level: Int
    let text: String

    /// A longer line is text whatever it begins with: headings are repeated in every breadcrumb.
    private static let byteLimit = 2000

    /// A heading of one to six `#`; nil where `line` is none.
    init?(_ line: String) {
        guard line.utf8.count <= Self.byteLimit, line.prefix(while: { $0 == " " }).count <= 3
        else { return nil }
        let trimmed = line.trimmed
        let level = trimmed.prefix { $0 == "#" }.count
        let rest = String(trimmed.dropFirst(level))
        guard (1...6).contains(level), rest.first?.isWhitespace ?? true else { return nil }
        self.level = level
        // Closing marks count only after white space.
        let marks = rest.reversed().prefix { $0 == "#" }.count
        let unmarked = rest.dropLast(marks)
        text = (unmarked.last?.isWhitespace ?? true ? String(unmarked) : rest).trimmed
    }

    /// A line of text above an underline of three marks or more; nil where it is not both.
    init?(_ line: String, underline: String) {
        guard line.utf8.count <= Self.byteLimit else { return nil }
        let marks = underline.trimmed
        let trimmed = line.trimmed
        guard let mark = marks.first, mark == "=" || mark == "-", marks.count >= 3,
            marks.allSatisfy({ $0 == mark }),
            let first = trimmed.first, !"-*+>|#0123456789`".contains(first)
        else { return nil }
        level = mark == "=" ? 1 : 2
        text = trimmed
    }
}
