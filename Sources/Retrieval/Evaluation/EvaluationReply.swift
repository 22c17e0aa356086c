/// What an evaluation answers: one run's figures at the top, or several under `sets`.
public struct EvaluationReply: Sendable, Encodable {
    private let runs: [EvaluationRun]
    private let comparison: RunComparison?
    private let tuning: TuningReport?

    /// The answer for some runs.
    public init(
        _ runs: [EvaluationRun], comparison: RunComparison? = nil, tuning: TuningReport? = nil
    ) {
        self.runs = runs
        self.comparison = comparison
        self.tuning = tuning
    }

    private enum CodingKeys: String, CodingKey {
        case sets, comparison, tuning
    }

    /// The figures, with `comparison` and `tuning` beside them where they were asked for.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if runs.count == 1 {
            try EvaluationSummary(run: runs[0]).encode(to: encoder)
        } else {
            try container.encode(runs.map(EvaluationSummary.init(run:)), forKey: .sets)
        }
        try container.encodeIfPresent(comparison, forKey: .comparison)
        try container.encodeIfPresent(tuning, forKey: .tuning)
    }
}

/// A run without its queries: what is told of it.
private struct EvaluationSummary: Encodable {
    let run: EvaluationRun

    private enum CodingKeys: String, CodingKey {
        case set, mode, embedder, documents, chunks, seconds, channels, shapes, kinds, degraded
        case notes
        case searchSeconds = "search_seconds"
    }

    /// The figures over all queries, and beside them those of channels, shapes and kinds.
    func encode(to encoder: any Encoder) throws {
        try run.figures.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run.set, forKey: .set)
        try container.encode(run.mode, forKey: .mode)
        try container.encodeIfPresent(run.embedder, forKey: .embedder)
        try container.encode(run.documents, forKey: .documents)
        try container.encode(run.chunks, forKey: .chunks)
        try container.encode(run.seconds, forKey: .seconds)
        try container.encode(run.searchSeconds, forKey: .searchSeconds)
        try container.encode(run.channels, forKey: .channels)
        try container.encode(run.shapes, forKey: .shapes)
        if !run.kinds.isEmpty { try container.encode(run.kinds, forKey: .kinds) }
        try container.encode(run.degraded, forKey: .degraded)
        try container.encode(run.notes, forKey: .notes)
    }
}
