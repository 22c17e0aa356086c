import Foundation
import Kernels
import Vectors

/// What `vectors info` tells of an index's graph.
struct GraphReport: Encodable {
    /// What was measured for one number of rows wanted.
    struct Point: Encodable {
        let limit, depth: Int
        let recall, standardError: Double

        enum CodingKeys: String, CodingKey {
            case depth, recall
            case limit = "k"
            case standardError = "standard_error"
        }
    }

    let degree: Int
    /// Whether its edges are what was written.
    let isSound: Bool
    /// The recall that was asked for; nil where no depth was learnt.
    let target: Double?
    /// How many queries were held against exact answers, and whether they were rows of the index.
    let queries: Int?, isFromRows: Bool?
    /// Whether the depth should be learnt anew, and how many rows changed since it was.
    let isDue: Bool, changes: Int
    /// Slots of removed rows that edges still lead to.
    let waiting: Int
    let learned: [Point]
    /// What searches are reckoned to cost, in nanoseconds: exact, and through the graph.
    let exactCost: Double
    let graphCost: Double?
    /// What a search for 10 rows goes through.
    let method: String

    enum CodingKeys: String, CodingKey {
        case degree, target, queries, changes, waiting, learned, method
        case isFromRows = "from_rows"
        case isDue = "due"
        case isSound = "sound"
        case exactCost = "exact_ns"
        case graphCost = "graph_ns"
    }

    init?(_ index: VectorIndex) {
        guard let graph = index.graph else { return nil }
        degree = graph.parameters.degree
        isSound = index.isGraphSound
        let depth = index.learnedDepth
        target = depth?.target
        queries = depth?.queryCount
        isFromRows = depth.map { !$0.isFromQueries }
        isDue = index.isLearningDue
        changes = index.changesSinceLearning
        waiting = graph.sweep.count
        learned = (depth?.points ?? []).map {
            Point(
                limit: $0.limit, depth: $0.depth, recall: $0.recall,
                standardError: $0.standardError)
        }
        let plan = index.plan(limit: 10)
        exactCost = plan.exactCost
        graphCost = plan.graphCost
        if case .graph = plan.method { method = "graph" } else { method = "exact" }
    }

    var lines: [String] {
        var lines = ["graph      \(degree) edges a row\(isSound ? "" : ", damaged: not used")"]
        let source = isFromRows == true ? "of its own rows" : "queries"
        for point in learned {
            lines.append(
                String(
                    format: "           recall %.4f ± %.4f for %d rows at depth %d",
                    point.recall, point.standardError, point.limit, point.depth)
                    + "; wanted \(target ?? 0), from \(queries ?? 0) \(source)")
        }
        lines.append(
            "           \(changes) rows changed since"
                + (isDue ? ": to be learnt anew, which the next save does" : "")
                + (waiting > 0 ? "; \(waiting) removed rows still to be swept" : ""))
        let costs = [exactCost, graphCost].map { $0.map { String(format: "%.0f µs", $0 / 1000) } }
        lines.append(
            "cost       exact \(costs[0] ?? "-"), graph \(costs[1] ?? "-"); a search for 10 rows is "
                + method)
        return lines
    }
}
