import ArgumentParser
import Embedding
import Foundation
import Kernels
import Store
import Vectors

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed", abstract: "Turn texts into unit vectors.",
        discussion:
            "A line of --file is a text. Longer texts than the model reads are cut, and that is said."
    )

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Texts.")
    var texts: [String] = []
    @Option(help: "A file with a text a line.", completion: .file())
    var file: String?
    @Option(help: "Write f32 [n, d] to this .npy file.", completion: .file())
    var npy: String?
    @Flag(help: "Embed long texts by overlapping windows instead of cutting them.")
    var windows = false

    func run() async throws {
        let settings = try Settings(options)
        let embedder = try TransformerEmbedder(contentsOf: settings.modelFolder)
        let all = try texts + (file.map(Self.lines(of:)) ?? [])
        guard !all.isEmpty else { throw ValidationError("Give a TEXT or --file.") }
        let counts = all.map(embedder.tokenCount(of:))
        if !windows { noteCuts(counts, limit: embedder.maximumTokenCount) }
        let rows = try await embedder.embed(all, longTexts: windows ? .windows : .truncate)
        if let npy { try AtomicFile.write(NumpyFile.bytes(of: rows), to: npy) }
        if options.json {
            let vectors = npy == nil ? (0..<rows.count).map { Array(rows[$0]) } : nil
            try Console.print(
                json: Reply(
                    embedder: embedder.fingerprint.rawValue, count: rows.count,
                    dimension: rows.dimension, tokens: counts, npy: npy, vectors: vectors))
        } else if npy == nil {
            for row in 0..<rows.count {
                Console.print(rows[row].map { "\($0)" }.joined(separator: " "))
            }
        }
    }

    private func noteCuts(_ counts: [Int], limit: Int) {
        for (index, count) in counts.enumerated() where count > limit {
            Console.note(
                "conductor: text \(index + 1) has \(count) tokens; the last \(count - limit) were "
                    + "cut (--windows keeps them)")
        }
    }

    private static func lines(of path: String) throws -> [String] {
        var lines = try NamedFile.bytes(of: path)
            .split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    private struct Reply: Encodable {
        let embedder: String
        let count, dimension: Int
        let tokens: [Int]
        let npy: String?
        let vectors: [[Float]]?
    }
}
