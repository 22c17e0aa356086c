import Foundation
import Vectors

/// What `vectors search` tells.
struct VectorSearchReply: Encodable, CustomStringConvertible {
    let method = VectorMethod.exact.rawValue
    let metric: String
    let queries, limit, batch, threads: Int
    /// The time of all searches, without that of making or opening the index.
    let seconds, qps, buildSeconds: Double
    let recall: Double?
    /// How many rows were scored in f32, for a query on average.
    let evaluations: Double
    let out: String?
    /// The rows found for each query, where no file was written.
    let rows: [[Int]]?

    enum CodingKeys: String, CodingKey {
        case method, metric, queries, batch, threads, seconds, qps, recall, evaluations, out, rows
        case limit = "k"
        case buildSeconds = "build_seconds"
    }

    init(
        _ search: VectorSearch, _ answers: VectorSearch.Answers, limit: Int, batch: Int,
        threads: Int, out: String?, recall: Double?
    ) {
        let count = answers.rows.count
        metric = search.index.metric.name
        queries = count
        (self.limit, self.batch, self.threads) = (limit, batch, threads)
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
        if let recall { parts.append(String(format: "recall %.4f", recall)) }
        return parts.joined(separator: ", ")
    }
}
