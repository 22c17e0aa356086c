/// The first line of a list's item.
struct MarkdownListItem {
    /// What follows the marker, and the box of a task.
    let text: String

    /// Nil where `line` begins no item.
    init?(_ line: String) {
        var rest = line.drop(while: \.isWhitespace)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }.count
        guard digits <= 3 else { return nil }
        rest = rest.dropFirst(digits)
        guard let mark = rest.first, (digits > 0 ? ".)" : "-*+").contains(mark) else { return nil }
        rest = rest.dropFirst()
        guard rest.first?.isWhitespace == true else { return nil }
        rest = rest.drop(while: \.isWhitespace)
        let afterBox = rest.dropFirst(3)
        if ["[ ]", "[x]", "[X]"].contains(rest.prefix(3)), afterBox.first?.isWhitespace == true {
            rest = afterBox
        }
        text = String(rest).trimmed
    }
}
