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
