/// A file that was read: its bytes and lines, what it says of itself, and what was odd about it.
public struct Document: Sendable, Equatable {
    /// Where it lies, as the caller names it.
    public let path: String
    /// Bytes and lines.
    public let source: SourceText
    /// How it is cut into passages.
    public let format: DocumentFormat
    /// What role it plays.
    public let kind: DocumentKind
    /// The SHA-256 of its bytes.
    public let contentHash: ContentHash
    /// The YAML block at its start, if any.
    public let frontMatter: FrontMatter?
    /// From the front matter, else the first heading, else the file's name.
    public let title: String
    /// What was odd about it; never a reason to leave it out.
    public let diagnostics: [Diagnostic]

    /// Understands bytes as a document.
    ///
    /// - Parameters:
    ///   - bytes: the file's bytes, without NUL.
    ///   - path: where it lies; decides format and kind.
    ///   - title: a title that is told from outside; nil takes its own.
    /// - Complexity: O(bytes).
    public init(_ bytes: [UInt8], path: String, title: String? = nil) {
        let source = SourceText(bytes)
        let format = DocumentFormat(path: path) ?? .plainText
        let frontMatter = format == .markdown ? FrontMatter(source) : nil
        self.path = path
        self.source = source
        self.format = format
        self.frontMatter = frontMatter
        kind = DocumentKind(path: path)
        contentHash = ContentHash(of: bytes)
        self.title = title ?? Self.title(of: source, path: path, format, frontMatter)
        diagnostics = Self.diagnostics(of: source, path: path, frontMatter)
    }

    private static func title(
        of source: SourceText, path: String, _ format: DocumentFormat, _ frontMatter: FrontMatter?
    ) -> String {
        if let title = frontMatter?.values["title"]?.text, !title.isEmpty { return title }
        if format == .markdown {
            for block in MarkdownBlock.blocks(of: source, after: frontMatter) {
                if case .heading(_, let text) = block.kind, !text.isEmpty { return text }
            }
        }
        if let name = frontMatter?.values["name"]?.text, !name.isEmpty { return name }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }

    private static func diagnostics(
        of source: SourceText, path: String, _ frontMatter: FrontMatter?
    ) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let line = source.invalidLines.first {
            diagnostics.append(
                Diagnostic(
                    .invalidUTF8, path: path, line: line,
                    "invalid UTF-8 in \(source.invalidLines.count) line(s), shown as U+FFFD"))
        }
        if let line = source.repairedLines.first {
            diagnostics.append(
                Diagnostic(
                    .mojibake, path: path, line: line,
                    "Mac Roman mojibake in \(source.repairedLines.count) line(s), repaired for "
                        + "search only"))
        }
        if let problem = frontMatter?.problem {
            diagnostics.append(
                Diagnostic(
                    .frontMatter, path: path, line: problem.line,
                    "front matter kept as text: \(problem.reason)"))
        }
        if source.lines.allSatisfy(\.isBlank) {
            diagnostics.append(Diagnostic(.empty, path: path, "nothing but white space"))
        }
        return diagnostics
    }
}
