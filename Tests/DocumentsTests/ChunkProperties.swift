import Documents
import Foundation
import TestSupport
import Testing

/// What holds for the chunks of every document.
struct ChunkProperties {
    let document: Document
    let chunks: [Chunk]

    init(_ bytes: [UInt8], path: String, chunker: Chunker = Chunker()) {
        document = Document(bytes, path: path)
        chunks = chunker.chunks(of: document)
    }

    private var hasText: Bool {
        document.source.lines.contains { !$0.allSatisfy(\.isWhitespace) }
    }

    /// The byte ranges tile the file; line ranges and texts are those of the bytes.
    func expectTiles(_ name: String, at location: SourceLocation = #_sourceLocation) {
        guard hasText else {
            #expect(chunks.isEmpty, "\(name)", sourceLocation: location)
            return
        }
        var end = 0
        var lastLine = 0
        for (ordinal, chunk) in chunks.enumerated() {
            let range = document.source.byteRange(of: chunk.lines)
            let isWhole = chunk.bytes == range
            let isPart =
                chunk.lines.count == 1 && range.contains(chunk.bytes.lowerBound)
                && chunk.bytes.upperBound <= range.upperBound
            let follows =
                chunk.lines.lowerBound == lastLine + 1
                || (isPart && chunk.lines.lowerBound == lastLine)
            guard chunk.ordinal == ordinal, chunk.bytes.lowerBound == end, !chunk.bytes.isEmpty,
                isWhole || isPart, follows
            else {
                Issue.record(
                    "\(name): chunk \(ordinal), lines \(chunk.lines), bytes \(chunk.bytes)",
                    sourceLocation: location)
                return
            }
            if isWhole, chunk.bytes.count <= 2000 {
                let lines = document.source.lines[
                    (chunk.lines.lowerBound - 1)...(chunk.lines.upperBound - 1)]
                #expect(
                    chunk.text == lines.joined(separator: "\n"), "\(name)",
                    sourceLocation: location)
            }
            end = chunk.bytes.upperBound
            lastLine = chunk.lines.upperBound
        }
        #expect(end == document.source.bytes.count, "\(name)", sourceLocation: location)
        #expect(lastLine == document.source.lines.count, "\(name)", sourceLocation: location)
    }

    /// Each of these runs of lines lies within one chunk.
    func expectWhole(
        _ runs: [ClosedRange<Int>], _ name: String, at location: SourceLocation = #_sourceLocation
    ) {
        for run in runs where document.source.byteRange(of: run).count <= 16 << 10 {
            let isWhole = chunks.contains {
                $0.lines.lowerBound <= run.lowerBound && run.upperBound <= $0.lines.upperBound
                    && $0.bytes == document.source.byteRange(of: $0.lines)
            }
            #expect(isWhole, "\(name): lines \(run) are split", sourceLocation: location)
        }
    }

    /// The fences and tables that the document's blocks name.
    var atomicRuns: [ClosedRange<Int>] {
        guard document.format == .markdown else { return [] }
        return MarkdownBlock.blocks(of: document.source, after: document.frontMatter)
            .compactMap { block in
                switch block.kind {
                case .fence, .table: block.lines
                default: nil
                }
            }
    }
}

/// Markdown with known fences and tables.
struct RandomMarkdown {
    private(set) var lines: [String] = []
    /// The lines of each fence and table, from 1.
    private(set) var atomicRuns: [ClosedRange<Int>] = []

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Int.random(in: 0...40, using: &generator) { addBlock(using: &generator) }
    }

    func bytes(lineEnd: String, isClosed: Bool) -> [UInt8] {
        Array((lines.joined(separator: lineEnd) + (isClosed ? lineEnd : "")).utf8)
    }

    private mutating func addBlock(using generator: inout SeededGenerator) {
        let words = ["deploy", "|", "the", "naïve", "$ ls", "**x**", "日本語", "a_b", "#", "`c`"]
        func text(_ range: ClosedRange<Int>) -> String {
            (0..<Int.random(in: range, using: &generator)).map { _ in
                words.randomElement(using: &generator) ?? ""
            }.joined(separator: " ")
        }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0:
            let level = Int.random(in: 1...6, using: &generator)
            lines += ["", String(repeating: "#", count: level) + " " + text(1...6)]
        case 1, 2:
            let mark = String(
                repeating: Bool.random(using: &generator) ? "`" : "~",
                count: Int.random(in: 3...5, using: &generator))
            let body = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                ["", "# no heading", "| a |", "|---|", "---", text(1...12)]
                    .randomElement(using: &generator) ?? ""
            }
            addAtomic([mark + "sh"] + body + [mark])
        case 3:
            let rows = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                "| " + text(1...5).replacing("#", with: "") + " | x |"
            }
            addAtomic(["| a | b |", "|---|:-:|"] + rows)
            lines.append("")
        case 4: lines += [String](repeating: "", count: Int.random(in: 1...4, using: &generator))
        case 5: lines += (0..<12).map { _ in "- " + text(1...20) }
        case 6: lines.append("x " + text(200...900))
        default: lines += ["para " + text(1...40), "more " + text(1...40)]
        }
    }

    private mutating func addAtomic(_ block: [String]) {
        lines.append("")
        atomicRuns.append((lines.count + 1)...(lines.count + block.count))
        lines += block
    }
}
