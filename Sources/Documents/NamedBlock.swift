/// Lines of a structured file that belong together, and what they are called.
struct NamedBlock {
    let lines: ClosedRange<Int>
    /// What it lies in and what it is, outermost first, without the file's title.
    let names: [String]
}

extension Chunker {
    /// Small blocks of one parent packed until they are worth a passage, huge ones cut at line ends.
    ///
    /// The blocks are in order, and together they are the document's lines. Without any name the
    /// document is cut as plain text.
    func packed(_ blocks: [NamedBlock], of document: Document) -> [Passage] {
        guard blocks.contains(where: { !$0.names.isEmpty }) else {
            return plainTextPassages(of: document)
        }
        var passages: [Passage] = []
        /// The names of the blocks in the last passage.
        var open: [[String]] = []
        for block in blocks {
            for run in runs(of: block.lines, in: document.source) {
                if let last = passages.last, !last.isLongLine, !run.isLongLine,
                    last.tokens < tokenMinimum, last.tokens + run.tokens <= tokenLimit,
                    open.last?.dropLast() == block.names.dropLast()
                {
                    passages[passages.count - 1].lines =
                        last.lines.lowerBound...run.lines.upperBound
                    passages[passages.count - 1].tokens += run.tokens
                    if open.last != block.names { open.append(block.names) }
                } else {
                    passages.append(
                        Passage(
                            lines: run.lines, breadcrumb: "", tokens: run.tokens,
                            isLongLine: run.isLongLine))
                    open = [block.names]
                }
                passages[passages.count - 1].breadcrumb = Self.breadcrumb(document.title, open)
            }
        }
        return passages
    }

    /// `title › parent › first, second`; many siblings are told by the first and the last.
    private static func breadcrumb(_ title: String, _ siblings: [[String]]) -> String {
        let last = siblings.compactMap(\.last)
        let told =
            last.count > 3 ? "\(last[0]) … \(last[last.count - 1])" : last.joined(separator: ", ")
        return ([title] + (siblings.first?.dropLast() ?? []) + (told.isEmpty ? [] : [told]))
            .joined(separator: " › ")
    }

    /// The ranges that begin at these lines and reach to the next of them; comments right above a
    /// line go with it, and what stands before the first line goes with the first.
    ///
    /// - Complexity: O(lines of `range`).
    static func ranges(
        from starts: [Int], in range: ClosedRange<Int>, isBlank: (Int) -> Bool,
        isComment: (Int) -> Bool
    ) -> [ClosedRange<Int>] {
        var begins: [Int] = []
        for start in starts.dropFirst() {
            var begin = start
            var above = start - 1
            while above > range.lowerBound, isComment(above) || isBlank(above) {
                if isComment(above) { begin = above }
                above -= 1
            }
            begins.append(begin)
        }
        let ends = begins.map { $0 - 1 } + [range.upperBound]
        return zip([range.lowerBound] + begins, ends).map { $0...$1 }
    }
}
