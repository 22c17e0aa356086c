/// Text without what a reader cannot see and a model can.
enum PromptText {
    /// The text without control characters other than tab and line feed, and without format
    /// characters: zero widths, directions, tags.
    ///
    /// The number of lines stays. O(text).
    static func visible(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n" && scalar != "\t": continue
            case .format, .privateUse, .surrogate, .unassigned: continue
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }
}
