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
    /// The headings of level 1 so far.
    private var topHeadings: Set<String> = []
    /// Whether the title is one of them.
    private var titleIsHeading: Bool { topHeadings.contains(title) }
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
        let lines = block.lines
        let isSmall = source.byteRange(of: lines).count <= Chunker.atomicByteLimit
        switch block.kind {
        case .heading(let level, let text):
            beginSection(level: level, text: text, at: lines)
        case .blank:
            append(lines, tokens: 0, isBody: false)
        case .frontMatter where isSmall && tokens(in: lines) <= chunker.tokenLimit:
            // Too little to stand alone: it opens the passage that introduces the page.
            append(lines, tokens: tokens(in: lines), isBody: false)
        case .fence where isSmall, .table where isSmall:
            addAtom(lines)
        case .frontMatter, .fence, .table, .text:
            addLines(lines)
        }
    }

    mutating func finished() -> [Passage] {
        if let open, !open.hasBody, let last = passages.last, !last.isLongLine,
            last.tokens + open.tokens <= chunker.tokenLimit
        {
            // Trailing headings and blank lines belong to the passage before them.
            passages[passages.count - 1].lines = last.lines.lowerBound...open.lines.upperBound
        } else {
            close()
        }
        return passages
    }

    private mutating func beginSection(level: Int, text: String, at lines: ClosedRange<Int>) {
        headings.removeAll { $0.level >= level }
        if !text.isEmpty { headings.append((level, text)) }
        if level == 1 { topHeadings.insert(text) }
        let path = headings.map(\.text)
        let count = tokens(in: lines)
        if let open, open.hasBody {
            // A small section is joined by its neighbours; unrelated branches never mix.
            let shared = Self.sharedPrefix(open.path, path)
            let isNeighbour = level > 1 && shared.count >= min(open.path.count, path.count) - 1
            if open.tokens >= chunker.tokenMinimum || !isNeighbour { close() }
        }
        closeUnlessFitting(count)
        append(lines, tokens: count, isBody: false)
    }

    /// A fence or table, with the headings right above it.
    private mutating func addAtom(_ lines: ClosedRange<Int>) {
        let count = tokens(in: lines)
        if let open, open.hasBody || open.tokens >= chunker.tokenMinimum {
            closeUnlessFitting(count)
        }
        append(lines, tokens: count, isBody: true)
    }

    private mutating func addLines(_ lines: ClosedRange<Int>) {
        // Headings stay with what they introduce, unless they are a passage by themselves.
        let above = open.map { $0.hasBody ? 0 : $0.tokens } ?? 0
        let taken = above < chunker.tokenMinimum ? above : 0
        for run in chunker.runs(of: lines, in: source, after: taken) {
            if run.isLongLine {
                close()
                passages.append(
                    Passage(
                        lines: run.lines, breadcrumb: breadcrumb(of: headings.map(\.text)),
                        tokens: run.tokens, isLongLine: true))
            } else {
                closeUnlessFitting(run.tokens)
                append(run.lines, tokens: run.tokens, isBody: true)
            }
        }
    }

    private mutating func closeUnlessFitting(_ tokens: Int) {
        if let open, open.tokens + tokens > chunker.tokenLimit { close() }
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
        passages.append(
            Passage(
                lines: passage.lines, breadcrumb: breadcrumb(of: passage.path),
                tokens: passage.tokens))
    }

    private func breadcrumb(of path: [String]) -> String {
        // A second top heading begins another document in the same file: the title is not above it.
        let isUnderOther = titleIsHeading && path.first.map(topHeadings.contains) == true
        let crumbs = path.first == title || isUnderOther ? path : [title] + path
        return crumbs.joined(separator: " › ")
    }

    private func tokens(in lines: ClosedRange<Int>) -> Int {
        lines.reduce(0) { $0 + TokenEstimate.tokens(in: source.lines[$1 - 1]) }
    }

    private static func sharedPrefix(_ first: [String], _ second: [String]) -> [String] {
        zip(first, second).prefix { $0 == $1 }.map(\.0)
    }
}
