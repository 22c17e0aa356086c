internal import Store

/// What the passage that was found first tells of what was meant.
///
/// A query is a few words; a passage that answers it says the same at length. So where one passage
/// stands out, the query's vectors are moved towards that passage's, and meaning is searched again.
/// - Source: Rocchio, "Relevance Feedback in Information Retrieval", in Salton (ed.), The SMART
///   Retrieval System (1971), with the first find taken for relevant, as in blind feedback.
enum RelevanceFeedback {
    /// How much the passage counts beside the query.
    ///
    /// Both figures are the best on the labelled sets of those that did no harm to the example
    /// world, which Benchmarks/README.md shows. A second passage did not gain.
    private static let share: Float = 0.35
    /// How far the first passage's fused score must lie before the second's.
    ///
    /// Reciprocal ranks never lie so far apart: fused by them, nothing moves.
    private static let leastLead = 0.03

    /// The passage that may be learnt from: the first, where it stands out.
    ///
    /// - Parameter ranking: best first, with fused scores.
    /// - Returns: nil where none stands out.
    static func source(in ranking: [FusedMatch]) -> ChunkID? {
        guard let first = ranking.first else { return nil }
        let next = ranking.dropFirst().first?.score ?? 0
        return first.score - next >= leastLead ? first.id : nil
    }

    /// The query's vector, moved towards a passage's and of length 1 again.
    ///
    /// - Precondition: both have the same dimension.
    static func moved(
        _ query: ArraySlice<Float>, towards passage: [Float]
    ) -> ArraySlice<Float> {
        precondition(query.count == passage.count, "vectors of two spaces")
        let sum = zip(query, passage).map { $0 + share * $1 }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length }[...] : query
    }
}
