extension Chunker {
    /// Plain text: paragraphs packed up to the limit, cut at blank lines where there are some.
    func plainTextPassages(of document: Document) -> [Passage] {
        let source = document.source
        var paragraphs: [ClosedRange<Int>] = []
        var start = 1
        for line in source.lines.indices.dropFirst() {
            let isBlank = source.lines[line].allSatisfy(\.isWhitespace)
            let wasBlank = source.lines[line - 1].allSatisfy(\.isWhitespace)
            if wasBlank && !isBlank {
                paragraphs.append(start...line)
                start = line + 1
            }
        }
        paragraphs.append(start...source.lines.count)

        var passages: [Passage] = []
        var tokens = 0
        for paragraph in paragraphs.flatMap({ packedLines($0, in: source) }) {
            let count = paragraph.reduce(0) { sum, line in
                sum + TokenEstimate.tokens(in: source.lines[line - 1])
            }
            if let last = passages.last, tokens + count <= tokenLimit {
                passages[passages.count - 1].lines = last.lines.lowerBound...paragraph.upperBound
                tokens += count
            } else {
                passages.append(Passage(lines: paragraph, breadcrumb: document.title))
                tokens = count
            }
        }
        return passages
    }
}
