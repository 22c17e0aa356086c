/// Markdown's inline marks taken off a line of prose.
public enum PlainProse {
    /// The text without emphasis, link targets and code ticks, on one line.
    ///
    /// - Complexity: O(text).
    public static func text(of markdown: String) -> String {
        textWithCode(of: markdown).replacing("`", with: "")
    }

    /// The text without emphasis and link targets, on one line; code keeps its ticks.
    ///
    /// - Complexity: O(text).
    public static func textWithCode(of markdown: String) -> String {
        markdown
            .replacing(/!?\[([^\]]*)\]\([^)]*\)/) { String($0.1) }
            .replacing(/(\*\*|__)/, with: "")
            .split { $0.isWhitespace }
            .joined(separator: " ")
    }
}
