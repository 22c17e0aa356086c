import Foundation
import Retrieval

/// What an evaluation tells, as tables for people or as one JSON object.
struct EvaluationPage {
    let runs: [EvaluationRun]
    let comparison: RunComparison?
    let tuning: TuningReport?

    func printJSON() throws {
        try Console.print(json: EvaluationReply(runs, comparison: comparison, tuning: tuning))
    }

    func print() {
        for run in runs { print(run) }
        if let comparison { print(comparison) }
        if let tuning { print(tuning) }
    }

    private func print(_ run: EvaluationRun) {
        for sentence in run.degraded { Console.note("degraded: \(sentence)") }
        for sentence in run.notes { Console.note("note: \(sentence)") }
        let width = run.rows.map(\.name.count).max() ?? 0
        let embedder = run.embedder.map { ", \($0)" } ?? ""
        Console.print(
            Console.safe("\(run.set): \(run.documents) documents, \(run.mode.rawValue)\(embedder)"))
        Console.print(
            String(repeating: " ", count: width)
                + "  queries  ndcg@10  ± s.e.  mrr@10  recall@1  @5      @10     @100")
        for (name, figures) in run.rows {
            let mean = figures.mean
            let error = figures.standardError.map { number($0.ndcgAt10) } ?? "     –"
            let tail = [mean.mrrAt10, mean.recallAt1, mean.recallAt5, mean.recallAt10]
                .map(number).joined(separator: "  ")
            let padding = String(repeating: " ", count: width - name.count)
            Console.print(
                Console.safe(name) + padding + "  " + String(format: "%7d", figures.queryCount)
                    + "  \(number(mean.ndcgAt10))   \(error)  \(tail)  "
                    + number(mean.recallAt100))
        }
        Console.print(
            String(format: "%.1f s in all, %.1f s of searches", run.seconds, run.searchSeconds))
    }

    private func print(_ comparison: RunComparison) {
        for sentence in comparison.notes { Console.note("note: \(sentence)") }
        Console.print("against the earlier run:")
        Console.print("  ndcg@10    \(line(comparison.ndcgAt10))")
        Console.print("  mrr@10     \(line(comparison.mrrAt10))")
        Console.print("  recall@10  \(line(comparison.recallAt10))")
    }

    private func print(_ tuning: TuningReport) {
        Console.print(
            "tuning: \(tuning.verdict)\n"
                + "  shipped \(number(tuning.shippedScore)), "
                + "held out \(number(tuning.heldOutScore)): \(line(tuning.comparison))")
        for knob in tuning.knobs {
            let folds = knob.folds.map { "\($0)" }.joined(separator: ", ")
            Console.print(
                "  \(knob.name): shipped \(knob.shipped), best on all \(knob.best), "
                    + "by fold \(folds)")
        }
    }

    private func line(_ part: PairedComparison) -> String {
        let verdict =
            part.verdict == .noise ? "no difference beyond noise" : part.verdict.rawValue
        return String(
            format: "%+.4f, 95 %% %+.4f to %+.4f, by chance %.4f, %d gain, %d lose: ",
            part.difference, part.interval.lowerBound, part.interval.upperBound, part.chance,
            part.gains, part.losses) + verdict
    }

    private func number(_ value: Double) -> String { String(format: "%.4f", value) }
}
