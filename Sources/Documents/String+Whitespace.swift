extension String {
    /// Whether there is nothing but white space in it.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Without white space at either end.
    var trimmed: String {
        String(trimmedAtEnd.drop(while: \.isWhitespace))
    }

    /// Without white space at the end.
    var trimmedAtEnd: Substring {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return self[...last]
    }
}
