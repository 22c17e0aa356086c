internal import StrictJSON

/// A run as a file of `--save` tells it: as much of it as another run is compared with.
public struct SavedRun: Sendable, Equatable, Decodable {
    struct Result: Sendable, Equatable, Decodable {
        let id: String
        let figures: RankingMeasures
        let relevant: [String]
    }

    let set: String
    let mode: String
    let results: [Result]

    /// Saved runs over this are refused.
    private static let byteLimit = 1 << 28

    /// Reads a file that `--save` wrote.
    ///
    /// - Throws: `JSONError`.
    public init(fileBytes: some Collection<UInt8>) throws {
        self = try StrictJSON.decode(
            SavedRun.self, from: fileBytes, limits: JSONLimits(byteCount: Self.byteLimit))
    }
}

/// Two runs over the same queries.
public struct RunComparison: Sendable, Encodable {
    /// One query's nDCG@10 in both runs.
    public struct Change: Sendable, Equatable, Codable {
        /// The query.
        public let id: String
        /// In the earlier run.
        public let before: Double
        /// In this one.
        public let after: Double
    }

    /// nDCG@10.
    public let ndcgAt10: PairedComparison
    /// The place of the first relevant document.
    public let mrrAt10: PairedComparison
    /// Relevant documents among the first ten.
    public let recallAt10: PairedComparison
    /// The queries whose nDCG@10 changed, the greatest gain first.
    public let changes: [Change]
    /// Why the runs may not be comparable, in sentences.
    public let notes: [String]

    enum CodingKeys: String, CodingKey {
        case changes, notes
        case ndcgAt10 = "ndcg@10"
        case mrrAt10 = "mrr@10"
        case recallAt10 = "recall@10"
    }

    /// Compares a run with an earlier one, over the queries that both have.
    ///
    /// - Throws: `EvaluationError.nothingToCompare`.
    public init(_ run: EvaluationRun, with earlier: SavedRun) throws(EvaluationError) {
        let known = Dictionary(earlier.results.map { ($0.id, $0) }) { first, _ in first }
        let pairs = run.results.compactMap { result in known[result.id].map { ($0, result) } }
        guard !pairs.isEmpty else { throw .nothingToCompare }
        func compared(_ figure: KeyPath<RankingMeasures, Double>) -> PairedComparison {
            PairedComparison(
                differences: pairs.map {
                    $1.figures[keyPath: figure] - $0.figures[keyPath: figure]
                })
        }
        ndcgAt10 = compared(\.ndcgAt10)
        mrrAt10 = compared(\.mrrAt10)
        recallAt10 = compared(\.recallAt10)
        changes = pairs.map { before, after in
            Change(id: after.id, before: before.figures.ndcgAt10, after: after.figures.ndcgAt10)
        }.filter { $0.before != $0.after }.sorted { left, right in
            (right.after - right.before, left.id) < (left.after - left.before, right.id)
        }
        let alone = run.results.count + earlier.results.count - 2 * pairs.count
        let judged = pairs.count { $0.relevant != $1.relevant }
        var notes: [String] = []
        if earlier.set != run.set { notes.append("the earlier run is of \(earlier.set)") }
        if alone > 0 { notes.append("\(alone) queries are in one run only and do not count") }
        if judged > 0 { notes.append("\(judged) queries have other judgements in the two runs") }
        self.notes = notes
    }
}
