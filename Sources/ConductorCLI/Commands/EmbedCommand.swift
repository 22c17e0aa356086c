import ArgumentParser
import Embedding
import Foundation
import Kernels
import Store
import Vectors

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed", abstract: "Turn texts into unit vectors.",
        discussion: """
            A line of --file is a text. Longer texts than the model reads are cut, and that is said.

            Embedders: all-minilm-l6-v2 (the default; int8 where its drift from fp32 is small), \
            all-minilm-l6-v2/fp32, all-minilm-l6-v2/int8, wordllama-256, all-mpnet-base-v2, and \
            ollama:MODEL.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Texts.")
    var texts: [String] = []
    @Option(help: "A file with a text a line.", completion: .file())
    var file: String?
    @Option(help: "Write f32 [n, d] to this .npy file.", completion: .file())
    var npy: String?
    @Option(help: "The embedder's ID.")
    var embedder = LocalModels.defaultName
    @Flag(help: "Embed long texts by overlapping windows instead of cutting them.")
    var windows = false
    @Option(name: .customLong("repeat"), help: "Embed so many times, and tell the times.")
    var rounds: Int?

    func validate() throws {
        guard rounds ?? 1 > 0 else { throw ValidationError("--repeat takes 1 or more.") }
    }

    func run() async throws {
        let settings = try Settings(options)
        let all = try texts + (file.map(Self.lines(of:)) ?? [])
        guard !all.isEmpty else { throw ValidationError("Give a TEXT or --file.") }
        let embedding = TextEmbedding(
            embedder: try await settings.embedder(named: embedder),
            rule: windows ? .windows : .truncate)
        var (rows, seconds) = try await embedding.rows(of: all)
        var times = [seconds]
        for _ in 1..<(rounds ?? 1) {
            (rows, seconds) = try await embedding.rows(of: all)
            times.append(seconds)
        }
        let tokens = embedding.noteCuts(all)
        if let npy { try AtomicFile.write(NumpyFile.bytes(of: rows), to: npy) }
        if rounds != nil { Console.note("conductor: \(EmbeddingTimes(times))") }
        if options.json {
            let vectors = npy == nil ? (0..<rows.count).map { Array(rows[$0]) } : nil
            try Console.print(
                json: EmbedReply(
                    embedder: embedding.embedder.fingerprint.rawValue, count: rows.count,
                    dimension: rows.dimension, tokens: tokens, seconds: times[0],
                    times: rounds.map { _ in EmbeddingTimes(times) }, npy: npy, vectors: vectors))
        } else if npy == nil {
            for row in 0..<rows.count {
                Console.print(rows[row].map { "\($0)" }.joined(separator: " "))
            }
        }
    }

    private static func lines(of path: String) throws -> [String] {
        var lines = try NamedFile.bytes(of: path)
            .split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}
