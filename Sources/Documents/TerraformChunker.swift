extension Chunker {
    /// Terraform and other HCL: the blocks and settings at the top, each under its own name, such as
    /// `resource aws_s3_bucket.logs`.
    func terraformPassages(of document: Document) -> [Passage] {
        packed(Self.terraformBlocks(of: document.source), of: document)
    }

    private static func terraformBlocks(of source: SourceText) -> [NamedBlock] {
        var scanner = TerraformScanner(source)
        var starts: [Int] = []
        var names: [String] = []
        var comments: Set<Int> = []
        for (index, text) in source.lines.enumerated() {
            if scanner.isComment(text) {
                comments.insert(index + 1)
            } else if let name = scanner.nameOfBlock(beginningWith: text) {
                starts.append(index + 1)
                names.append(name)
            }
            scanner.read(text, line: index + 1)
        }
        let ranges = ranges(
            from: starts, in: 1...source.lines.count, isBlank: { source.lines[$0 - 1].isBlank },
            isComment: comments.contains)
        guard !starts.isEmpty else { return [] }
        return zip(ranges, names).map { NamedBlock(lines: $0, names: [$1]) }
    }
}

/// Follows braces, strings, comments and heredocs from line to line.
private struct TerraformScanner {
    /// Blocks at the top of a file: one at the left edge begins anew, even where braces do not match.
    private static let topBlocks: Set<Substring> = [
        "check", "data", "ephemeral", "import", "locals", "module", "moved", "output", "provider",
        "removed", "resource", "terraform", "variable",
    ]

    /// The last line that holds nothing but each word: where a heredoc can end.
    private let lastLines: [String: Int]
    private var depth = 0
    private var isInComment = false
    private var heredoc: String?

    init(_ source: SourceText) {
        let words = source.lines.enumerated().map { ($1.trimmed, $0 + 1) }
            .filter { word, _ in word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }
        lastLines = Dictionary(words) { max($0, $1) }
    }

    /// Whether the next line is a comment and nothing else.
    func isComment(_ text: String) -> Bool {
        guard heredoc == nil else { return false }
        let start = text.drop(while: \.isWhitespace)
        return isInComment || start.hasPrefix("#") || start.hasPrefix("//")
            || start.hasPrefix("/*")
    }

    /// What the block or setting is called that the next line begins at the top; nil where it
    /// begins none.
    mutating func nameOfBlock(beginningWith text: String) -> String? {
        guard heredoc == nil, !isInComment else { return nil }
        if depth > 0 {
            let word = text.prefix { $0.isLetter }
            guard Self.topBlocks.contains(word), text.trimmedAtEnd.hasSuffix("{") else {
                return nil
            }
            depth = 0
        }
        let block = /\s*([A-Za-z_][\w-]*)((?:\s+(?:"[^"]*"|[A-Za-z_][\w-]*))*)\s*\{/
        if let match = text.prefixMatch(of: block) {
            let labels = match.2.split { $0.isWhitespace || $0 == "\"" }.joined(separator: ".")
            return labels.isEmpty ? String(match.1) : "\(match.1) \(labels)"
        }
        return text.prefixMatch(of: /\s*([A-Za-z_][\w-]*)\s*=(?!=)/).map { String($0.1) }
    }

    /// Goes over a line.
    mutating func read(_ text: String, line: Int) {
        if let tag = heredoc {
            if text.trimmed == tag { heredoc = nil }
            return
        }
        var rest = Array(text.utf8)[...]
        /// Open strings and the code within them, by the braces open in it; -1 is a string.
        var nested: [Int] = []
        while let byte = rest.popFirst() {
            if isInComment {
                guard byte == UInt8(ascii: "*"), rest.first == UInt8(ascii: "/") else { continue }
                isInComment = false
                rest.removeFirst()
            } else if nested.last == -1 {
                readString(byte, &rest, &nested)
            } else if readCode(byte, &rest, &nested, line: line) {
                return
            }
        }
    }

    private func readString(
        _ byte: UInt8, _ rest: inout ArraySlice<UInt8>, _ nested: inout [Int]
    ) {
        switch byte {
        case UInt8(ascii: "\\"): _ = rest.popFirst()
        case UInt8(ascii: "\""): nested.removeLast()
        case UInt8(ascii: "$"), UInt8(ascii: "%"):
            guard rest.first == UInt8(ascii: "{") else { return }
            rest.removeFirst()
            nested.append(0)
        default: break
        }
    }

    /// - Returns: whether the rest of the line says nothing.
    private mutating func readCode(
        _ byte: UInt8, _ rest: inout ArraySlice<UInt8>, _ nested: inout [Int], line: Int
    ) -> Bool {
        switch byte {
        case UInt8(ascii: "\""): nested.append(-1)
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("): open(1, &nested)
        case UInt8(ascii: "}") where nested.last == 0: nested.removeLast()
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"): open(-1, &nested)
        case UInt8(ascii: "#"): return true
        case UInt8(ascii: "/") where rest.first == UInt8(ascii: "/"): return true
        case UInt8(ascii: "/") where rest.first == UInt8(ascii: "*"):
            rest.removeFirst()
            isInComment = true
        case UInt8(ascii: "<") where rest.first == UInt8(ascii: "<"):
            let tag = String(decoding: rest.dropFirst(), as: UTF8.self)
                .drop { $0 == "-" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            // One that never ends is none.
            guard !tag.isEmpty, lastLines[String(tag), default: 0] > line else { return false }
            heredoc = String(tag)
            return true
        default: break
        }
        return false
    }

    private mutating func open(_ change: Int, _ nested: inout [Int]) {
        if nested.isEmpty {
            depth = max(0, depth + change)
        } else {
            nested[nested.count - 1] = max(0, nested[nested.count - 1] + change)
        }
    }
}
