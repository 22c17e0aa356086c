import Foundation
import Vectors

/// What `vectors search` tells.
struct VectorSearchReply: Encodable, CustomStringConvertible {
    /// exact, or graph where any query went through it.
    let method: String
    let metric: String
    let queries, limit, batch, threads: Int
    /// The time of all searches, without that of making or opening the index.
    let seconds, qps, buildSeconds: Double
    let recall: Double?
    /// How many rows the graph follows; nil where it was not asked.
    let depth: Int?
    /// How many queries the graph could not answer and were answered exactly.
    let fallbacks: Int?
    /// How many rows were scored in f32, for a query on average.
    let evaluations: Double
    let out: String?
    /// The rows found for each query, where no file was written.
    let rows: [[Int]]?

    enum CodingKeys: String, CodingKey {
        case method, metric, queries, batch, threads, seconds, qps, recall, evaluations, out, rows
        case depth, fallbacks
        case limit = "k"
        case buildSeconds = "build_seconds"
    }

    init(
        _ search: VectorSearch, _ answers: VectorSearch.Answers, _ way: VectorSearch.Way,
        out: String?, recall: Double?
    ) {
        let count = answers.rows.count
        metric = search.index.metric.name
        queries = count
        (limit, batch, threads) = (way.limit, way.batch, way.threads)
        method = (answers.walks > 0 ? VectorMethod.graph : .exact).rawValue
        let plan = search.index.plan(limit: way.limit, method: way.method, batch: way.batch)
        if answers.walks > 0, case .graph(let depth, _) = plan.method {
            (self.depth, fallbacks) = (depth, answers.fallbacks)
        } else {
            (depth, fallbacks) = (nil, nil)
        }
        seconds = answers.seconds
        qps = seconds > 0 ? Double(count) / seconds : 0
        buildSeconds = search.buildSeconds
        self.recall = recall
        evaluations = count > 0 ? Double(answers.evaluations) / Double(count) : 0
        self.out = out
        rows = out == nil ? answers.rows : nil
    }

    var description: String {
        var parts = [
            "\(method), \(metric): \(queries) \(queries == 1 ? "query" : "queries") in \(String(format: "%.3f", seconds)) s",
            "\(String(format: "%.1f", qps)) a second",
            "index ready in \(String(format: "%.3f", buildSeconds)) s",
        ]
        parts.append(String(format: "%.1f rows scored a query", evaluations))
        if let depth { parts.append("depth \(depth), \(fallbacks ?? 0) answered exactly") }
        if let recall { parts.append(String(format: "recall %.4f", recall)) }
        return parts.joined(separator: ", ")
    }
}
