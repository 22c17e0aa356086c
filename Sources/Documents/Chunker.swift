/// The arrow document → chunk.
public struct Chunker: Sendable {
    /// A chunk is closed before it passes this many estimated tokens, unless a single fence or
    /// table is larger.
    public let tokenLimit: Int
    /// Neighbouring small sections share a chunk until it holds this many tokens.
    public let tokenMinimum: Int
    /// Changes whenever equal files would give other chunks.
    public static let version = "chunks/1"

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
    /// Together their byte ranges are the file. Pure: equal documents give equal chunks.
    /// - Complexity: O(bytes).
    public func chunks(of document: Document) -> [Chunk] {
        guard document.source.lines.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return []
        }
        let passages =
            switch document.format {
            case .markdown: markdownPassages(of: document)
            case .plainText: plainTextPassages(of: document)
            }
        return passages.enumerated().flatMap { index, passage in
            pieces(of: passage, isLast: index == passages.count - 1, in: document.source)
        }.enumerated().map { ordinal, piece in
            Chunk(
                ordinal: ordinal, lines: piece.lines, bytes: piece.bytes,
                breadcrumb: piece.breadcrumb, text: piece.text)
        }
    }
}

/// Whole lines that become one chunk, or several where one of the lines is huge.
struct Passage {
    var lines: ClosedRange<Int>
    var breadcrumb: String
}

extension Chunker {
    /// The largest piece of a single line, in bytes.
    private static let lineByteLimit = 2000

    private struct Piece {
        let lines: ClosedRange<Int>
        let bytes: Range<Int>
        let breadcrumb: String
        let text: String
    }

    /// One piece for a passage, or several of one line each where the line is over the limit.
    private func pieces(of passage: Passage, isLast: Bool, in source: SourceText) -> [Piece] {
        let range = source.byteRange(of: passage.lines)
        let text = source.lines[(passage.lines.lowerBound - 1)...(passage.lines.upperBound - 1)]
            .joined(separator: "\n")
        guard passage.lines.count == 1, range.count > Self.lineByteLimit else {
            return [
                Piece(
                    lines: passage.lines, bytes: range, breadcrumb: passage.breadcrumb, text: text)
            ]
        }
        return cuts(of: source.bytes, in: range).map { bytes in
            Piece(
                lines: passage.lines, bytes: bytes, breadcrumb: passage.breadcrumb,
                text: String(decoding: source.bytes[bytes], as: UTF8.self).trimmed)
        }
    }

    /// Cuts a line's bytes after a space where there is one, and never inside a character.
    private func cuts(of bytes: [UInt8], in range: Range<Int>) -> [Range<Int>] {
        var cuts: [Range<Int>] = []
        var start = range.lowerBound
        while range.upperBound - start > Self.lineByteLimit {
            var end = start + Self.lineByteLimit
            if let space = bytes[(start + Self.lineByteLimit / 2)..<end].lastIndex(of: 0x20) {
                end = space + 1
            } else {
                while end > start + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            }
            cuts.append(start..<end)
            start = end
        }
        return cuts + [start..<range.upperBound]
    }

    /// Runs of lines of at most `tokenLimit` tokens; a single line may be larger.
    func packedLines(_ lines: ClosedRange<Int>, in source: SourceText) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        var start = lines.lowerBound
        var tokens = 0
        for line in lines {
            let count = TokenEstimate.tokens(in: source.lines[line - 1])
            let isHuge = source.byteRange(of: line...line).count > Self.lineByteLimit
            if line > start, tokens + count > tokenLimit || isHuge {
                runs.append(start...(line - 1))
                (start, tokens) = (line, 0)
            }
            tokens += count
            if isHuge {
                runs.append(line...line)
                (start, tokens) = (line + 1, 0)
            }
        }
        if start <= lines.upperBound { runs.append(start...lines.upperBound) }
        return runs
    }
}
