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
