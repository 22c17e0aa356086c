/// Words of a model, or of a service, as text that Markdown shows and does not follow.
enum MarkdownText {
    /// The text on one line; outside of code spans everything that could open a link, an image, a tag
    /// or a span is escaped.
    ///
    /// Ticks count as code only in balanced pairs around something. O(text).
    static func escaped(_ text: String) -> String {
        let line = PromptText.visible(text).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let parts = line.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        guard hasSpans(parts) else { return marks(in: line, ticks: true) }
        return parts.enumerated().map { index, part in
            index.isMultiple(of: 2) ? marks(in: part, ticks: false) : part
        }.joined(separator: "`")
    }

    /// What stands in code spans, in order; none where the ticks do not pair.
    static func codeSpans(in text: String) -> [String] {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        guard hasSpans(parts) else { return [] }
        return parts.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    }

    private static func hasSpans(_ parts: [String]) -> Bool {
        guard parts.count > 1, !parts.count.isMultiple(of: 2) else { return false }
        return parts.enumerated().allSatisfy { index, part in
            index.isMultiple(of: 2) || part.contains { !$0.isWhitespace }
        }
    }

    private static func marks(in text: String, ticks: Bool) -> String {
        let special: Set<Unicode.Scalar> = ["\\", "[", "]", "<", ">", "!", "*", "_", "&"]
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if special.contains(scalar) || (ticks && scalar == "`") { escaped.append("\\") }
            escaped.append(scalar)
        }
        // Viewers make links of bare addresses too.
        return String(escaped).replacing("://", with: ":\\//")
    }
}
