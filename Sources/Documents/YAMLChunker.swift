extension Chunker {
    /// YAML: documents, then keys and list items as far down as it takes to fit a passage.
    ///
    /// A document is called by its `kind` and `metadata.name`, a list item by its `alert`, `record`,
    /// `name` or `id`, anything else by its keys.
    func yamlPassages(of document: Document) -> [Passage] {
        packed(YAMLOutline(document.source, chunker: self).blocks, of: document)
    }
}

/// Where a YAML file may be cut, told from indentation alone.
///
/// Nothing is parsed, so nothing is refused: what is not understood stays with what stands above.
private struct YAMLOutline {
    private static let depthLimit = 16
    private static let ruleKeys: Set<String> = ["alert", "record"]
    private static let nameKeys = ["alert", "record", "name", "id"]

    private let chunker: Chunker
    private let lines: [YAMLLine]
    /// The tokens of all lines before each line, and the alerts and records.
    private let tokensBefore: [Int]
    private let rulesBefore: [Int]

    /// What a run of lines is; the first of its own lines, since those above it may go with it.
    private enum Node {
        case document
        case key(Int)
        case item(Int)

        var isItem: Bool {
            if case .item = self { true } else { false }
        }
    }

    init(_ source: SourceText, chunker: Chunker) {
        self.chunker = chunker
        lines = YAMLLine.lines(of: source)
        var tokens = [0]
        var rules = [0]
        for (text, line) in zip(source.lines, lines) {
            tokens.append(tokens[tokens.count - 1] + TokenEstimate.tokens(in: text))
            rules.append(rules[rules.count - 1] + (Self.ruleKeys.contains(line.key) ? 1 : 0))
        }
        tokensBefore = tokens
        rulesBefore = rules
    }

    /// All lines in order, cut where they are worth it.
    var blocks: [NamedBlock] {
        let markers = lines.indices.filter { lines[$0].kind == .marker }.map { $0 + 1 }
        let starts = markers.first == 1 ? markers : [1] + markers
        return ranges(from: starts, in: 1...lines.count).flatMap { range in
            blocks(in: range, .document, names: name(ofDocument: range).map { [$0] } ?? [])
        }
    }

    /// The lines of a node, cut where they are worth it; `keys` are those below the last of `names`.
    private func blocks(
        in range: ClosedRange<Int>, _ node: Node, names: [String], keys: [String] = [],
        depth: Int = 0
    ) -> [NamedBlock] {
        let starts =
            depth < Self.depthLimit && isWorthCutting(range, node)
            ? children(of: node, range) : []
        guard !starts.isEmpty else {
            let path = keys.filter { !$0.isEmpty }.joined(separator: ".")
            return [NamedBlock(lines: range, names: names + (path.isEmpty ? [] : [path]))]
        }
        return zip(starts, ranges(from: starts, in: range)).flatMap { start, range in
            // The first key of an item stands on the item's own line.
            let isItem = lines[start - 1].isItem && !node.isItem
            let name = isItem ? name(ofItem: start, in: range) : nil
            return blocks(
                in: range, isItem ? .item(start) : .key(start),
                names: names + (name.map { [$0] } ?? []),
                keys: name != nil ? [] : isItem ? keys : keys + [lines[start - 1].key],
                depth: depth + 1)
        }
    }

    private func isWorthCutting(_ range: ClosedRange<Int>, _ node: Node) -> Bool {
        func count(_ before: [Int]) -> Int {
            before[range.upperBound] - before[range.lowerBound - 1]
        }
        if count(tokensBefore) > chunker.tokenLimit { return true }
        // Rules are asked for one by one.
        guard count(rulesBefore) > 0, case .item(let start) = node else {
            return count(rulesBefore) > 0
        }
        return !keys(ofItem: start, in: range).contains { Self.ruleKeys.contains($0.key) }
    }

    /// The lines at which the keys or items right below a node begin.
    private func children(of node: Node, _ range: ClosedRange<Int>) -> [Int] {
        let first =
            switch node {
            case .document: range.lowerBound
            case .key(let line): line + 1
            case .item(let line): line
            }
        let entries = range.filter { $0 >= first && lines[$0 - 1].kind == .entry }
        if case .item(let start) = node {
            let column = lines[start - 1].keyColumn
            let keys = entries.filter {
                $0 == start || !lines[$0 - 1].isItem && lines[$0 - 1].column == column
            }
            // Its name says nothing alone.
            let isNamed = keys.count > 1 && Self.nameKeys.contains(lines[start - 1].key)
            return isNamed ? Array(keys.dropFirst()) : keys
        }
        guard let column = entries.map({ lines[$0 - 1].column }).min(),
            let top = entries.first(where: { lines[$0 - 1].column == column })
        else { return [] }
        return entries.filter {
            lines[$0 - 1].column == column && lines[$0 - 1].isItem == lines[top - 1].isItem
        }
    }

    private func ranges(
        from starts: [Int], in range: ClosedRange<Int>
    ) -> [ClosedRange<Int>] {
        Chunker.ranges(
            from: starts, in: range, isBlank: { lines[$0 - 1].kind == .blank },
            isComment: { lines[$0 - 1].kind == .comment })
    }

    // MARK: Names

    /// `kind/name`, or what there is of it.
    private func name(ofDocument range: ClosedRange<Int>) -> String? {
        let entries = range.map { lines[$0 - 1] }.filter { $0.kind == .entry }
        guard let kind = entries.first(where: { $0.column == 0 && $0.key == "kind" })?.value,
            !kind.isEmpty
        else { return nil }
        let metadata = entries.drop { $0.column > 0 || $0.key != "metadata" }.dropFirst()
            .prefix { $0.column > 0 }
        let name = metadata.first { $0.column == metadata.first?.column && $0.key == "name" }?.value
        return name.map { "\(kind)/\($0)" } ?? kind
    }

    private func name(ofItem start: Int, in range: ClosedRange<Int>) -> String? {
        let keys = keys(ofItem: start, in: range)
        return Self.nameKeys.lazy.compactMap { key in keys.first { $0.key == key } }.first?.value
    }

    private func keys(ofItem start: Int, in range: ClosedRange<Int>) -> [YAMLLine] {
        let column = lines[start - 1].keyColumn
        return (start...range.upperBound).map { lines[$0 - 1] }.filter {
            $0.kind == .entry && $0.keyColumn == column
        }
    }
}
