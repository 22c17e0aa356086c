/// Markdown's inline marks taken off a line of prose.
public enum PlainProse {
    /// The text without emphasis, link targets and code ticks, on one line.
    ///
    /// - Complexity: O(text).
    public static func text(of markdown: String) -> String {
        markdown
            .replacing(/!?\[([^\]]*)\]\([^)]*\)/) { String($0.1) }
            .replacing(/(\*\*|__|`)/, with: "")
            .split { $0.isWhitespace }
            .joined(separator: " ")
    }
}
