extension Chunker {
    /// Plain text: paragraphs packed up to the limit, cut at blank lines where there are some.
    func plainTextPassages(of document: Document) -> [Passage] {
        let source = document.source
        var paragraphs: [ClosedRange<Int>] = []
        var start = 1
        for line in source.lines.indices.dropFirst()
        where source.lines[line - 1].isBlank && !source.lines[line].isBlank {
            paragraphs.append(start...line)
            start = line + 1
        }
        paragraphs.append(start...source.lines.count)

        var passages: [Passage] = []
        for run in paragraphs.flatMap({ runs(of: $0, in: source) }) {
            if let last = passages.last, !last.isLongLine, !run.isLongLine,
                last.tokens + run.tokens <= tokenLimit
            {
                passages[passages.count - 1].lines = last.lines.lowerBound...run.lines.upperBound
                passages[passages.count - 1].tokens += run.tokens
            } else {
                passages.append(
                    Passage(
                        lines: run.lines, breadcrumb: document.title, tokens: run.tokens,
                        isLongLine: run.isLongLine))
            }
        }
        return passages
    }
}
