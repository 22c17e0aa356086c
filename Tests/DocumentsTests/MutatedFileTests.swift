import Documents
import Foundation
import TestSupport
import Testing

/// Files that people wrote, with what editors, merges and cut-off downloads do to them.
struct MutatedFileTests {
    /// Every manifest and Terraform file of the example world.
    private static func files() throws -> [String] {
        try ["manifests", "terraform"].flatMap { folder in
            try FolderWalk(ExampleWorld.source.appending(path: folder).path).files
        }
    }

    /// Pieces that mean something in YAML or Terraform.
    private static let pieces = [
        "\n", "\r\n", "\n---\n", "\n...\n", "  ", "\t", "- ", ": ", "|", ">-", "{", "}", "\"", "'",
        "#", "/*", "*/", "<<EOT\n", "\nEOT\n", "${", "\\", "\u{FEFF}", "é", "- alert: X\n",
        "\nresource \"a\" \"b\" {\n", String(repeating: "long ", count: 900),
    ].map { Array($0.utf8) }

    @Test(arguments: 0..<8)
    func `the ranges of a mutated file are the file`(round: Int) throws {
        let files = try Self.files()
        #expect(files.count >= 7)
        for path in files {
            let bytes = try Array(Data(contentsOf: URL(filePath: path)))
            for seed in UInt64(round * 10)..<UInt64(round * 10 + 10) {
                var generator = SeededGenerator(seed: seed)
                var mutated = bytes
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    Self.mutate(&mutated, using: &generator)
                }
                for chunker in [Chunker(), Chunker(tokenLimit: 20, tokenMinimum: 8)] {
                    let properties = ChunkProperties(mutated, path: path, chunker: chunker)
                    properties.expectTiles("\(path), seed \(seed)")
                    let again = properties.chunks.flatMap { mutated[$0.bytes] }
                    #expect(again == mutated, "\(path), seed \(seed)")
                }
            }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let length = Int.random(in: 0...400, using: &generator)
        let range = start..<min(bytes.count, start + length)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeSubrange(range)
        case 1:
            let part = Array(bytes[range])
            bytes.insert(
                contentsOf: part, at: Int.random(in: 0...bytes.count, using: &generator))
        case 2: bytes.removeSubrange(max(start, bytes.count / 2)...)
        default:
            bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: start)
        }
    }
}
