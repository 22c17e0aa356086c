import Foundation
import Retrieval

/// A run's figures as a table for people.
struct EvaluationPage {
    let run: EvaluationRun

    func print() {
        for sentence in run.degraded { Console.note("degraded: \(sentence)") }
        for sentence in run.notes { Console.note("note: \(sentence)") }
        var rows = [("all", run.figures)]
        rows += run.channels.map { ("\($0.rawValue) alone", $1) }.sorted { $0.0 < $1.0 }
        rows += run.shapes.map { ("shape \($0.rawValue)", $1) }.sorted { $0.0 < $1.0 }
        rows += run.kinds.map { ("kind \($0)", $1) }.sorted { $0.0 < $1.0 }
        let width = rows.map(\.0.count).max() ?? 0
        let embedder = run.embedder.map { ", \($0)" } ?? ""
        Console.print(
            Console.safe("\(run.set): \(run.documents) documents, \(run.mode.rawValue)\(embedder)"))
        Console.print(
            Self.padded("", width)
                + "  queries  ndcg@10  ± s.e.  mrr@10   recall@1  @5      @10     @100")
        for (name, figures) in rows {
            let mean = figures.mean
            let error = figures.standardError.map { Self.number($0.ndcgAt10) } ?? "     –"
            let tail = [mean.mrrAt10, mean.recallAt1, mean.recallAt5, mean.recallAt10]
                .map(Self.number).joined(separator: "  ")
            Console.print(
                Console.safe(Self.padded(name, width))
                    + "  \(String(format: "%7d", figures.queryCount))  "
                    + "\(Self.number(mean.ndcgAt10))   \(error)  \(tail)  "
                    + Self.number(mean.recallAt100))
        }
        Console.print(
            String(format: "%.1f s in all, %.1f s of searches", run.seconds, run.searchSeconds))
    }

    private static func number(_ value: Double) -> String { String(format: "%.4f", value) }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
