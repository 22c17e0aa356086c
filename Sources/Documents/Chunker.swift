/// The arrow document → chunk.
public struct Chunker: Sendable {
    /// A chunk is closed before it passes this many estimated tokens, unless a single fence, table,
    /// private key or line is larger.
    public let tokenLimit: Int
    /// Neighbouring small sections share a chunk until it holds this many tokens.
    public let tokenMinimum: Int
    /// Changes whenever equal files would give other chunks.
    public static let version = "chunks/4"

    /// Fences and tables over this many bytes are cut at line ends all the same.
    static let atomicByteLimit = 16 << 10

    /// A chunker for passages of about 120 to 300 tokens, which suits the default embedder's
    /// windows.
    public init(tokenLimit: Int = 300, tokenMinimum: Int = 120) {
        self.tokenLimit = tokenLimit
        self.tokenMinimum = tokenMinimum
    }

    /// The passages of a document, in order; none for one without any text.
    ///
    /// Together their byte ranges are the file. Each holds text, but for blank lines with nothing
    /// but huge lines around them. Pure: equal documents give equal chunks.
    /// - Complexity: O(bytes).
    public func chunks(of document: Document) -> [Chunk] {
        let source = document.source
        guard !source.lines.allSatisfy(\.isBlank) else { return [] }
        let passages =
            switch document.format {
            case .markdown: markdownPassages(of: document)
            case .yaml: yamlPassages(of: document)
            case .terraform: terraformPassages(of: document)
            case .plainText: plainTextPassages(of: document)
            }
        let unbroken = Self.joiningKeys(passages, in: source)
        // Blank lines are no passage: they join whole lines, or else keep a long line whole.
        let limit = 2 * LongLine.byteLimit
        let joined = Self.joiningBlanks(unbroken, in: source) { !$0.isLongLine && !$1.isLongLine }
        let whole = Self.joiningBlanks(joined, in: source) {
            source.byteRange(of: $0.lines.lowerBound...$1.lines.upperBound).count <= limit
        }
        var chunks: [Chunk] = []
        for passage in whole {
            for piece in Self.pieces(of: passage, in: source) {
                chunks.append(
                    Chunk(
                        ordinal: chunks.count, lines: passage.lines, bytes: piece.bytes,
                        breadcrumb: passage.breadcrumb, text: piece.text))
            }
        }
        return chunks
    }

    /// Blank passages become part of a neighbour, where the two may be joined.
    private static func joiningBlanks(
        _ passages: [Passage], in source: SourceText, where mayJoin: (Passage, Passage) -> Bool
    ) -> [Passage] {
        var joined: [Passage] = []
        for var passage in passages {
            if let last = joined.last, mayJoin(last, passage),
                last.isBlank(in: source) || passage.isBlank(in: source)
            {
                joined.removeLast()
                passage.lines = last.lines.lowerBound...passage.lines.upperBound
                passage.isLongLine = false
                if !last.isBlank(in: source) { passage.breadcrumb = last.breadcrumb }
            }
            joined.append(passage)
        }
        return joined
    }

    private static func pieces(
        of passage: Passage, in source: SourceText
    ) -> [(bytes: Range<Int>, text: String)] {
        let lines = passage.lines
        guard !passage.isLongLine else { return LongLine(lines.lowerBound, of: source).pieces }
        let text = source.lines[(lines.lowerBound - 1)..<lines.upperBound].joined(separator: "\n")
        return [(source.byteRange(of: lines), text)]
    }
}

/// Whole lines that become one chunk, or one long line that becomes several.
struct Passage {
    var lines: ClosedRange<Int>
    var breadcrumb: String
    var tokens: Int
    var isLongLine = false

    fileprivate func isBlank(in source: SourceText) -> Bool {
        lines.allSatisfy { source.lines[$0 - 1].isBlank }
    }
}
