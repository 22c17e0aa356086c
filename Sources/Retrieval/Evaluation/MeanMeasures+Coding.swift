extension MeanMeasures: Encodable {
    private enum CodingKeys: String, CodingKey {
        case queries
        case standardError = "standard_error"
    }

    /// The means themselves, with `queries` and `standard_error` beside them.
    public func encode(to encoder: any Encoder) throws {
        try mean.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(queryCount, forKey: .queries)
        try container.encodeIfPresent(standardError, forKey: .standardError)
    }
}

/// A run without its queries: what is told of it.
public struct EvaluationSummary: Sendable, Encodable {
    /// The run.
    public let run: EvaluationRun

    /// What is told of a run.
    public init(_ run: EvaluationRun) {
        self.run = run
    }

    private enum CodingKeys: String, CodingKey {
        case set, mode, embedder, documents, chunks, seconds, channels, shapes, kinds, degraded
        case notes
        case searchSeconds = "search_seconds"
    }

    /// The figures over all queries, and beside them those of channels, shapes and kinds.
    public func encode(to encoder: any Encoder) throws {
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
