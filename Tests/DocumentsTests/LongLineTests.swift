import Documents
import TestSupport
import Testing

/// Files whose lines are far longer than a chunk.
struct LongLineTests {
    /// Pieces of about 2000 bytes; nothing near the size of the line.
    private func expectSmallPieces(
        _ bytes: [UInt8], path: String, at location: SourceLocation = #_sourceLocation
    ) {
        let properties = ChunkProperties(bytes, path: path)
        properties.expectTiles(path, at: location)
        let greatest = properties.chunks.map(\.bytes.count).max() ?? 0
        #expect(greatest <= 4000, "\(path)", sourceLocation: location)
        #expect(
            properties.chunks.count <= bytes.count / 500 + 4, "\(path)", sourceLocation: location)
    }

    private let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
    private let words = Array(String(repeating: "lorem ipsum ", count: 90_000).utf8)

    @Test(arguments: ["a.md", "a.txt"])
    func `a line of a megabyte is cut`(path: String) {
        expectSmallPieces(megabyte, path: path)
        expectSmallPieces(megabyte + [0x0A], path: path)
        expectSmallPieces(words, path: path)
    }

    @Test(arguments: ["a.md", "a.txt"])
    func `a long line below a heading is cut`(path: String) {
        expectSmallPieces(Array("# Title\n".utf8) + megabyte + [0x0A], path: path)
        expectSmallPieces(Array("# Title\n\n".utf8) + words + [0x0A], path: path)
    }

    @Test(arguments: ["a.md", "a.txt"])
    func `a long line before a blank line is cut`(path: String) {
        expectSmallPieces(megabyte + Array("\n\nnext\n".utf8), path: path)
        expectSmallPieces(Array("before\n\n".utf8) + words + Array("\n\n\n".utf8), path: path)
    }

    @Test(arguments: ["a.md", "a.txt"])
    func `a long line between others is cut`(path: String) {
        expectSmallPieces(Array("before\n".utf8) + words + Array("\nafter\n".utf8), path: path)
    }

    @Test func `no piece breaks a character`() {
        for text in ["é", "日", "🚀", "a🚀é日"] {
            let bytes = Array(String(repeating: text, count: 5000).utf8)
            for chunk in ChunkProperties(bytes, path: "a.txt").chunks {
                #expect(!chunk.text.contains("\u{FFFD}"))
            }
        }
    }

    /// Bytes that only ever go on with a character, so that no place to cut is good.
    @Test func `a long line of broken UTF-8 does not fall to dust`() {
        let bytes = [UInt8](repeating: 0x80, count: 20_000)
        expectSmallPieces(bytes, path: "a.txt")
    }

    @Test func `the pieces of a long line are repaired like any text`() {
        let line = String(repeating: "‚úÖ done ", count: 400)
        let source = SourceText(Array(line.utf8))
        #expect(source.repairedLines == [1])
        for chunk in ChunkProperties(Array(line.utf8), path: "a.txt").chunks {
            #expect(!chunk.text.contains("‚úÖ") && !chunk.text.contains("\u{FFFD}"))
        }
    }

    @Test func `a byte order mark is no text of a long first line`() {
        let bytes = Array(("\u{FEFF}" + String(repeating: "word ", count: 800)).utf8)
        let first = ChunkProperties(bytes, path: "a.txt").chunks.first
        #expect(first?.text.hasPrefix("word") == true)
        #expect(first?.bytes.lowerBound == 0)
    }

    @Test func `a fence over 16 KiB is cut at line ends`() {
        let body = String(repeating: "echo one two three four five\n", count: 1000)
        let properties = ChunkProperties(Array("```sh\n\(body)```\n".utf8), path: "a.md")
        properties.expectTiles("a great fence")
        #expect(properties.chunks.count > 10)
        #expect(properties.chunks.allSatisfy { $0.tokenEstimate <= 300 })
    }

    @Test func `a fence of just under 16 KiB is whole`() {
        let body = String(repeating: "echo one two three four five\n", count: 560)
        let properties = ChunkProperties(Array("# T\n\n```sh\n\(body)```\n".utf8), path: "a.md")
        properties.expectTiles("a fence")
        properties.expectWhole([3...564], "a fence")
    }
}
