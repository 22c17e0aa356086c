import Embedding
import Foundation
import Kernels

/// Embeds many texts, block by block, and says on a terminal how far it is.
struct TextEmbedding {
    let embedder: any Embedder
    let rule: LongTextRule

    /// Texts between two looks at the bar.
    private static let block = 256
    /// Cut texts that are named one by one; more are only counted.
    private static let namedCuts = 5

    /// The vectors, and how long they took.
    func rows(of texts: [String]) async throws -> (FloatRows, seconds: Double) {
        let bar = ProgressBar()
        let start = ContinuousClock.now
        var rows = FloatRows(dimension: embedder.dimension, count: 0)
        for first in stride(from: 0, to: texts.count, by: Self.block) {
            bar.show("embedding", done: first, total: texts.count)
            rows.append(
                contentsOf: try await embedder.embed(
                    Array(texts[first..<min(first + Self.block, texts.count)]), longTexts: rule))
        }
        bar.finish()
        return (rows, (ContinuousClock.now - start) / .seconds(1))
    }

    /// Says which texts were cut, and how many tokens of them.
    ///
    /// - Returns: each text's tokens before any cut.
    func noteCuts(_ texts: [String]) -> [Int] {
        let counts = texts.map(embedder.tokenCount(of:))
        let limit = embedder.maximumTokenCount
        let cut = counts.indices.filter { counts[$0] > limit }
        guard rule == .truncate, !cut.isEmpty else { return counts }
        for index in cut.prefix(Self.namedCuts) {
            Console.note(
                "conductor: text \(index + 1) has \(counts[index]) tokens; the last "
                    + "\(counts[index] - limit) were cut (--windows keeps them)")
        }
        if cut.count > Self.namedCuts {
            let tokens = cut.reduce(0) { $0 + counts[$1] - limit }
            Console.note(
                "conductor: \(cut.count) texts were cut, \(tokens) tokens in all "
                    + "(--windows keeps them; --json has each text's tokens)")
        }
        return counts
    }
}

/// How long embedding took, round by round.
struct EmbeddingTimes: Encodable, CustomStringConvertible {
    let rounds: Int
    let first, median, least: Double

    enum CodingKeys: String, CodingKey {
        case rounds
        case first = "first_ms"
        case median = "median_ms"
        case least = "least_ms"
    }

    init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        rounds = seconds.count
        first = (seconds.first ?? 0) * 1000
        median = sorted.isEmpty ? 0 : sorted[sorted.count / 2] * 1000
        least = (sorted.first ?? 0) * 1000
    }

    var description: String {
        let times = [first, median, least].map { String(format: "%.3f", $0) }
        return "\(rounds) rounds: first \(times[0]) ms, median \(times[1]) ms, least \(times[2]) ms"
    }
}

/// What `embed --json` prints.
struct EmbedReply: Encodable {
    let embedder: String
    let count, dimension: Int
    let tokens: [Int]
    let seconds: Double
    let times: EmbeddingTimes?
    let npy: String?
    let vectors: [[Float]]?
}
