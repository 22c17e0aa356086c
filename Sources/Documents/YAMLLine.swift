/// What a line of YAML looks like, without what stands around it but for block scalars.
struct YAMLLine {
    enum Kind {
        case blank
        case comment
        /// `---`
        case marker
        /// A key or a list item.
        case entry
        /// A line within a value.
        case inner
    }

    let kind: Kind
    /// The column of its first character.
    private(set) var column = 0
    /// The column of its key, behind the dashes of list items.
    private(set) var keyColumn = 0
    private(set) var isItem = false
    /// Without quotes; empty where there is none.
    private(set) var key = ""
    /// Without quotes and comment, as far as it stands on the same line.
    private(set) var value = ""

    /// The lines of a file.
    ///
    /// - Complexity: O(bytes).
    static func lines(of source: SourceText) -> [YAMLLine] {
        /// What is indented more belongs to the block scalar above.
        var scalarColumn = Int.max
        return source.lines.map { text in
            let spaces = text.prefix { $0 == " " }.count
            guard !text.isBlank else { return YAMLLine(kind: .blank) }
            guard spaces <= scalarColumn else { return YAMLLine(kind: .inner) }
            scalarColumn = .max
            let line = YAMLLine(text.dropFirst(spaces), column: spaces)
            if line.kind == .entry, line.startsBlockScalar {
                scalarColumn = line.key.isEmpty ? line.column : line.keyColumn
            }
            return line
        }
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    /// A line that holds something, without the spaces before it.
    private init(_ text: Substring, column: Int) {
        if text.first == "#" {
            kind = .comment
        } else if column == 0, text.prefix(while: { !$0.isWhitespace }) == "---" {
            kind = .marker
        } else {
            var rest = text
            while rest.first == "-", rest.dropFirst().first?.isWhitespace != false {
                isItem = true
                rest = rest.dropFirst().drop { $0 == " " }
            }
            keyColumn = column + text.count - rest.count
            if let (key, value) = Self.keyAndValue(of: rest) {
                self.key = key
                self.value = value
            } else {
                value = Self.value(of: rest)
            }
            // Text without a key goes on with a value, and a tab is no indentation.
            kind = isItem || !key.isEmpty ? .entry : .inner
        }
        self.column = column
    }

    private var startsBlockScalar: Bool {
        let indicator = value.split(whereSeparator: \.isWhitespace).last ?? ""
        return indicator.wholeMatch(of: /[|>][-+0-9]{0,2}/) != nil
    }

    private static func keyAndValue(of text: Substring) -> (String, String)? {
        guard let first = text.first, !first.isWhitespace, !"{[#&*!|>%@`".contains(first) else {
            return nil
        }
        var end: Substring.Index?
        if first == "\"" || first == "'" {
            end = text.dropFirst().firstIndex(of: first).map { text.index(after: $0) }
        } else {
            end = text.indices.first { index in
                text[index] == ":" && text[text.index(after: index)...].first?.isWhitespace != false
            }
        }
        guard let end, end < text.endIndex, text[end] == ":" else { return nil }
        let key = String(text[..<end]).trimmed.filter { $0 != "\"" && $0 != "'" }
        guard !key.isEmpty else { return nil }
        return (key, value(of: text[text.index(after: end)...]))
    }

    private static func value(of text: Substring) -> String {
        let trimmed = String(text).trimmed
        if let quote = trimmed.first, quote == "\"" || quote == "'" {
            return String(trimmed.dropFirst().prefix { $0 != quote })
        }
        let end = trimmed.firstRange(of: " #")?.lowerBound ?? trimmed.endIndex
        return trimmed.hasPrefix("#") ? "" : String(trimmed[..<end]).trimmed
    }
}
