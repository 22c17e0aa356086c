public import Foundation

/// A run as pages for people: Markdown with pictures beside it.
public struct EvaluationReport: Sendable {
    private let run: EvaluationRun
    private let comparison: RunComparison?
    private let tuning: TuningReport?

    /// Queries below this nDCG@10 are listed, the worst first.
    private static let poor = 0.5
    private static let listed = 25

    /// A report on a run.
    public init(
        _ run: EvaluationRun, comparison: RunComparison? = nil, tuning: TuningReport? = nil
    ) {
        self.run = run
        self.comparison = comparison
        self.tuning = tuning
    }

    /// The files of the report, by name.
    ///
    /// - Throws: what the run throws while it is encoded.
    public func files() throws -> [String: Data] {
        var files = [
            "report.md": Data(markdown.utf8), "figures.svg": Data(figures.utf8),
            "run.json": try run.fileBytes(),
        ]
        if let comparison { files["differences.svg"] = Data(differences(comparison).utf8) }
        return files
    }

    var markdown: String {
        var lines = [
            "# \(Self.cell(run.set))", "",
            "\(run.results.count) queries over \(run.documents) documents (\(run.chunks) passages), "
                + "mode \(run.mode.rawValue), embedder \(run.embedder ?? "none"). "
                + "±: standard error over queries.", "",
        ]
        lines += (run.degraded.map { "Degraded: \($0)" } + run.notes.map { "Note: \($0)" })
            .flatMap { [Self.cell($0), ""] }
        lines += [
            "| | queries | nDCG@10 | ± | MRR@10 | recall@1 | recall@5 | recall@10 | recall@100 |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        lines += run.rows.map { name, figures in
            let mean = figures.mean
            let error = figures.standardError.map { Self.number($0.ndcgAt10) } ?? "–"
            let tail = [
                mean.mrrAt10, mean.recallAt1, mean.recallAt5, mean.recallAt10, mean.recallAt100,
            ].map(Self.number).joined(separator: " | ")
            return "| \(Self.cell(name)) | \(figures.queryCount) | \(Self.number(mean.ndcgAt10)) "
                + "| \(error) | \(tail) |"
        }
        lines += ["", "![nDCG@10](figures.svg)", ""]
        lines += comparison.map(comparisonLines) ?? []
        lines += tuning.map(tuningLines) ?? []
        lines += poorLines
        return lines.joined(separator: "\n") + "\n"
    }

    private func comparisonLines(_ comparison: RunComparison) -> [String] {
        var lines = ["## Against the earlier run", ""]
        lines += comparison.notes.flatMap { ["Note: \(Self.cell($0))", ""] }
        lines += [
            "| | difference | 95 % interval | by chance | gains | losses | verdict |",
            "|---|---:|---:|---:|---:|---:|---|",
        ]
        for (name, part) in [
            ("nDCG@10", comparison.ndcgAt10), ("MRR@10", comparison.mrrAt10),
            ("recall@10", comparison.recallAt10),
        ] {
            lines.append("| \(name) | \(Self.row(part)) |")
        }
        lines += ["", "![Differences](differences.svg)", "", "Changed most:", ""]
        let most = comparison.changes.sorted {
            abs($0.after - $0.before) > abs($1.after - $1.before)
        }
        lines += most.prefix(Self.listed).map {
            "- \(Self.number($0.before)) → \(Self.number($0.after)): \(Self.cell($0.id))"
        }
        return lines + [""]
    }

    private func tuningLines(_ tuning: TuningReport) -> [String] {
        var lines = [
            "## Tuning", "",
            "Shipped parameters \(Self.number(tuning.shippedScore)), tuned ones on queries they were "
                + "not tuned on \(Self.number(tuning.heldOutScore)): \(tuning.verdict).", "",
            "| difference | 95 % interval | by chance | gains | losses | verdict |",
            "|---:|---:|---:|---:|---:|---|", "| \(Self.row(tuning.comparison)) |", "",
            "| value | shipped | best on all | by fold |", "|---|---:|---:|---|",
        ]
        lines += tuning.knobs.map { knob in
            let folds = knob.folds.map { "\($0)" }.joined(separator: ", ")
            return "| \(knob.name) | \(knob.shipped) | \(knob.best) | \(folds) |"
        }
        return lines + [""]
    }

    private var poorLines: [String] {
        let poor = run.results.filter { $0.figures.ndcgAt10 < Self.poor }
            .sorted { ($0.figures.ndcgAt10, $0.id) < ($1.figures.ndcgAt10, $1.id) }
        var lines = ["## Answered poorly: \(poor.count)", ""]
        for result in poor.prefix(Self.listed) {
            lines += [
                "- \(Self.number(result.figures.ndcgAt10)) \(Self.cell(result.id))",
                "  - wanted: \(Self.cell(result.relevant.prefix(3).joined(separator: ", ")))",
                "  - found: \(Self.cell(result.found.prefix(3).joined(separator: ", ")))",
            ]
        }
        if poor.count > Self.listed { lines.append("- and \(poor.count - Self.listed) more") }
        return lines
    }

    private var figures: String {
        BarChart(
            title: "nDCG@10, \(run.set)",
            bars: run.rows.map { name, figures in
                BarChart.Bar(
                    label: name, value: figures.mean.ndcgAt10,
                    error: figures.standardError?.ndcgAt10 ?? 0)
            }
        ).lying
    }

    private func differences(_ comparison: RunComparison) -> String {
        BarChart(
            title: "nDCG@10 against the earlier run: \(comparison.changes.count) queries changed",
            bars: comparison.changes.map { BarChart.Bar(label: $0.id, value: $0.after - $0.before) }
        ).standing
    }

    private static func row(_ part: PairedComparison) -> String {
        let interval = part.interval
        return String(
            format: "%+.4f | %+.4f to %+.4f", part.difference, interval.lowerBound,
            interval.upperBound)
            + " | \(number(part.chance)) | \(part.gains) | \(part.losses) "
            + "| \(part.verdict == .noise ? "no difference beyond noise" : part.verdict.rawValue)"
    }

    private static func number(_ value: Double) -> String { String(format: "%.4f", value) }

    /// Text that stays within its line and its cell.
    private static func cell(_ text: String) -> String {
        text.replacing(/[\p{C}\s]+/, with: " ").replacing("|", with: "\\|")
            .replacing("<", with: "&lt;")
    }
}
