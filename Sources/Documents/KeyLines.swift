/// The lines that private keys stand on, written as blocks: they stay in one passage, because a part of
/// a key by itself is recognised by nobody.
///
/// - Source: RFC 7468; RFC 9580, 6.2; RFC 4716; PuTTY's manual, appendix C.
enum KeyLines {
    private static let name = Array("PRIVATE KEY".utf8)
    private static let dashes = Array("----".utf8)
    private static let putty = Array("Private-Lines:".utf8)
    /// Longer than any key that is in use.
    private static let mostLines = 400

    /// The line ranges of all blocks, from 1, in order; none of them touches another.
    ///
    /// - Complexity: O(bytes).
    static func blocks(in source: SourceText) -> [ClosedRange<Int>] {
        var blocks: [ClosedRange<Int>] = []
        var next = 0
        while next < source.lines.count {
            let line = Array(source.lines[next].utf8)
            next += 1
            guard line.contains(UInt8(ascii: "-")) else { continue }
            let isPuTTY = line.contains(putty)
            guard isPuTTY || line.contains(name) && line.contains(dashes) else { continue }
            let first = next
            next = end(of: first, isPuTTY: isPuTTY, in: source)
            if next > first { blocks.append(first...next) }
        }
        return blocks
    }

    /// The last line of the block that begins in a line; both from 1.
    ///
    /// That is the one that names the key again, else the last without a space between its words;
    /// PuTTY's has no end line and no headers.
    private static func end(of first: Int, isPuTTY: Bool, in source: SourceText) -> Int {
        var last = first
        var isOpen = true
        for number in first..<min(source.lines.count, first + mostLines) {
            let line = source.lines[number].utf8.drop { $0 == 0x20 || $0 == 0x09 }
            let bytes = Array(line)
            if !isPuTTY, bytes.contains(name), bytes.contains(dashes) { return number + 1 }
            let isBody = !bytes.isEmpty && !bytes.contains(0x20)
            // Many lines that only begin blocks must not each be followed far.
            if isPuTTY, !isBody { break }
            isOpen = isOpen && (isBody || bytes.contains(UInt8(ascii: ":")) || bytes.isEmpty)
            if isOpen, isBody { last = number + 1 }
        }
        return last
    }
}

extension Chunker {
    /// Passages that share the lines of a private key become one.
    static func joiningKeys(_ passages: [Passage], in source: SourceText) -> [Passage] {
        let blocks = KeyLines.blocks(in: source)
        guard !blocks.isEmpty else { return passages }
        var joined: [Passage] = []
        for passage in passages {
            guard let last = joined.last, !last.isLongLine, !passage.isLongLine,
                blocks.contains(where: {
                    $0.contains(last.lines.upperBound) && $0.contains(passage.lines.lowerBound)
                })
            else {
                joined.append(passage)
                continue
            }
            joined[joined.count - 1].lines = last.lines.lowerBound...passage.lines.upperBound
            joined[joined.count - 1].tokens += passage.tokens
        }
        return joined
    }
}
