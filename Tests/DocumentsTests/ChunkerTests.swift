import Documents
import TestSupport
import Testing

struct ChunkerTests {
    private func chunks(_ text: String, _ path: String = "page.md") -> [Chunk] {
        Chunker().chunks(of: Document(Array(text.utf8), path: path))
    }

    @Test(arguments: 0..<8)
    func `chunks of random markdown tile it and split no fence or table`(round: Int) {
        for seed in UInt64(round * 50)..<UInt64(round * 50 + 50) {
            let markdown = RandomMarkdown(seed: seed)
            for (lineEnd, isClosed) in [("\n", true), ("\n", false), ("\r\n", true)] {
                let bytes = markdown.bytes(lineEnd: lineEnd, isClosed: isClosed)
                let properties = ChunkProperties(bytes, path: "page.md")
                properties.expectTiles("seed \(seed)")
                properties.expectWhole(markdown.atomicRuns, "seed \(seed)")
                let small = ChunkProperties(
                    bytes, path: "page.md", chunker: Chunker(tokenLimit: 5, tokenMinimum: 1))
                small.expectTiles("seed \(seed), small")
                small.expectWhole(markdown.atomicRuns, "seed \(seed), small")
                ChunkProperties(bytes, path: "page.txt").expectTiles("seed \(seed), text")
            }
        }
    }

    @Test func `chunks of random bytes tile them`() {
        var generator = SeededGenerator(seed: 21)
        let alphabet: [UInt8] = Array("\n\n\r #`|-~ab\t".utf8) + [0xC3, 0xA9, 0xFF, 0xE2, 0x80]
        for length in (0..<120).map({ $0 * 23 }) {
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            for path in ["a.md", "a.txt"] {
                ChunkProperties(bytes, path: path).expectTiles("\(path) of \(length) bytes")
            }
        }
    }

    @Test func `what holds no text has no chunks`() {
        for text in ["", "\n", "\n\n\n", " \t\r\n\r\n", "\u{FEFF}", "\u{FEFF}\n", "\u{A0}"] {
            #expect(chunks(text) == [] && chunks(text, "a.txt") == [])
        }
    }

    @Test func `equal documents have equal chunks`() {
        let bytes = RandomMarkdown(seed: 3).bytes(lineEnd: "\n", isClosed: true)
        let first = Chunker().chunks(of: Document(bytes, path: "a.md"))
        #expect(Chunker().chunks(of: Document(bytes, path: "a.md")) == first)
    }

    @Test func `every chunk holds text`() {
        for path in ["a.md", "a.txt"] {
            let seeds = (UInt64(0)..<200).filter { seed in
                let bytes = RandomMarkdown(seed: seed).bytes(lineEnd: "\n", isClosed: true)
                return ChunkProperties(bytes, path: path).chunks.contains { chunk in
                    chunk.text.allSatisfy(\.isWhitespace)
                }
            }
            #expect(seeds == [], "blank chunks in \(path)")
        }
    }

    @Test func `a chunk passes the limit only for a fence, a table or a line`() {
        let seeds = (UInt64(0)..<200).filter { seed in
            let markdown = RandomMarkdown(seed: seed)
            let bytes = markdown.bytes(lineEnd: "\n", isClosed: true)
            let properties = ChunkProperties(bytes, path: "a.md")
            return properties.chunks.contains { chunk in
                let holdsAtom = markdown.atomicRuns.contains { $0.overlaps(chunk.lines) }
                let holdsLongLine = chunk.lines.contains { line in
                    TokenEstimate.tokens(in: properties.document.source.lines[line - 1]) > 200
                }
                return chunk.tokenEstimate > 300 && !holdsAtom && !holdsLongLine
            }
        }
        #expect(seeds == [], "chunks over 300 tokens")
    }

    @Test func `long front matter is not one chunk with the page`() {
        let members = (0..<900).map { "key\($0): some value of it" }.joined(separator: "\n")
        let found = chunks("---\n\(members)\n---\n# Title\n\ntext\n")
        #expect(found.allSatisfy { $0.tokenEstimate <= 600 }, "\(found.map(\.tokenEstimate))")
    }

    @Test func `breadcrumbs name title and sections`() {
        let body = String(repeating: "word ", count: 200)
        let found = chunks("# Title\n\(body)\n## A\n\(body)\n### B\n\(body)\n## C\n\(body)\n")
        #expect(
            found.map(\.breadcrumb) == ["Title", "Title › A", "Title › A › B", "Title › C"])
        #expect(found.map(\.lines) == [1...2, 3...4, 5...6, 7...8])
        #expect(chunks("just text\n", "x/notes.txt").map(\.breadcrumb) == ["notes"])
    }

    @Test func `small sections share a chunk`() {
        let found = chunks("# T\nintro\n\n## A\none\n\n## B\ntwo\n")
        #expect(found.count == 1)
        #expect(found.first?.breadcrumb == "T")
        #expect(found.first?.lines == 1...8)
    }
}
