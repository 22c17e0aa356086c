extension Chunker {
    /// Markdown: sections packed until they are worth a passage, fences and tables whole.
    func markdownPassages(of document: Document) -> [Passage] {
        let blocks = MarkdownBlock.blocks(of: document.source, after: document.frontMatter)
        var packer = SectionPacker(title: document.title, chunker: self, source: document.source)
        for block in blocks { packer.add(block) }
        return packer.finished()
    }
}

/// Packs blocks into passages and keeps track of the headings above them.
private struct SectionPacker {
    private let title: String
    private let chunker: Chunker
    private let source: SourceText

    private var passages: [Passage] = []
    /// The headings above the next block, outermost first.
    private var headings: [(level: Int, text: String)] = []
    private var open: OpenPassage?

    private struct OpenPassage {
        var lines: ClosedRange<Int>
        /// The headings that all its sections share.
        var path: [String]
        var tokens: Int
        /// Whether it holds anything but headings and blank lines.
        var hasBody: Bool
    }

    init(title: String, chunker: Chunker, source: SourceText) {
        self.title = title
        self.chunker = chunker
        self.source = source
    }

    mutating func add(_ block: MarkdownBlock) {
        switch block.kind {
        case .heading(let level, let text):
            beginSection(level: level, text: text, at: block.lines)
        case .blank:
            append(block.lines, tokens: 0, isBody: false)
        case .frontMatter:
            // Too little to stand alone: it opens the passage that introduces the page.
            append(block.lines, tokens: tokens(in: block.lines), isBody: false)
        case .fence, .table:
            let isAtomic = source.byteRange(of: block.lines).count <= Chunker.atomicByteLimit
            if isAtomic { addBody(block.lines) } else { addLines(block.lines) }
        case .text:
            addLines(block.lines)
        }
    }

    mutating func finished() -> [Passage] {
        close()
        return passages
    }

    private mutating func beginSection(level: Int, text: String, at lines: ClosedRange<Int>) {
        headings.removeAll { $0.level >= level }
        headings.append((level, text))
        let path = headings.map(\.text)
        if let open, open.hasBody {
            // A small section is joined by its neighbours; unrelated branches never mix.
            let shared = Self.sharedPrefix(open.path, path)
            let isNeighbour = level > 1 && shared.count >= min(open.path.count, path.count) - 1
            if open.tokens >= chunker.tokenMinimum || !isNeighbour { close() }
        }
        append(lines, tokens: tokens(in: lines), isBody: false)
    }

    private mutating func addLines(_ lines: ClosedRange<Int>) {
        for run in chunker.packedLines(lines, in: source) { addBody(run) }
    }

    private mutating func addBody(_ lines: ClosedRange<Int>) {
        let count = tokens(in: lines)
        if let open, open.hasBody, open.tokens + count > chunker.tokenLimit { close() }
        append(lines, tokens: count, isBody: true)
    }

    private mutating func append(_ lines: ClosedRange<Int>, tokens: Int, isBody: Bool) {
        let path = headings.map(\.text)
        guard var passage = open else {
            open = OpenPassage(lines: lines, path: path, tokens: tokens, hasBody: isBody)
            return
        }
        passage.lines = passage.lines.lowerBound...lines.upperBound
        passage.path = passage.hasBody ? Self.sharedPrefix(passage.path, path) : path
        passage.tokens += tokens
        passage.hasBody = passage.hasBody || isBody
        open = passage
    }

    private mutating func close() {
        guard let passage = open else { return }
        open = nil
        if !passage.hasBody, let last = passages.last {
            // Trailing headings and blank lines belong to the passage before them.
            passages[passages.count - 1].lines = last.lines.lowerBound...passage.lines.upperBound
            return
        }
        var crumbs = passage.path
        if crumbs.first != title { crumbs.insert(title, at: 0) }
        passages.append(
            Passage(lines: passage.lines, breadcrumb: crumbs.joined(separator: " › ")))
    }

    private func tokens(in lines: ClosedRange<Int>) -> Int {
        lines.reduce(0) { $0 + TokenEstimate.tokens(in: source.lines[$1 - 1]) }
    }

    private static func sharedPrefix(_ first: [String], _ second: [String]) -> [String] {
        zip(first, second).prefix { $0 == $1 }.map(\.0)
    }
}
