import Kernels
import Orchestration
import Vectors

/// Searches an index for many queries.
struct VectorSearch {
    /// How rows are to be found.
    struct Way {
        var limit: Int
        /// How many queries are searched at once.
        var batch = 1
        /// Among how many threads an exact search is split.
        var threads = 1
        var method = SearchMethod.automatic
    }

    /// The nearest rows of each query by their numbers, best first.
    struct Answers {
        var rows: [[Int]] = []
        /// How many queries went through the graph, and how many of these had to be answered exactly
        /// in the end.
        var walks = 0, fallbacks = 0
        /// The time of all searches together.
        var seconds = 0.0
        /// How many rows were scored in f32 for all queries together.
        var evaluations = 0
    }

    private(set) var index: VectorIndex
    /// What the index was made from.
    let path: String
    /// How long the index took to make or to open.
    let buildSeconds: Double

    /// From this many searches on it pays to have a file's codes in memory.
    private static let gatheringLimit = 32
    /// Queries that tell how deep a graph must be searched.
    private static let sampleSize = 256

    /// Opens an index, or makes one from a file.
    ///
    /// - Parameters:
    ///   - base: what is searched.
    ///   - metric: what near means; nil for the base's own.
    ///   - queries: what will be searched for; many of them also tell how deep a graph must be
    ///     searched.
    ///   - method: how they will be searched for.
    ///   - recall: what searches through a graph are to reach; nil for what it was built for.
    /// - Throws: `Failure`, also where a folder's index ranks by another metric.
    init(
        _ base: VectorBase, metric: VectorMetric?, queries: VectorSource, method: SearchMethod,
        recall: Double?
    ) throws {
        let start = ContinuousClock.now
        path = base.path
        switch base {
        case .file(let source):
            index = try VectorIndex(
                source, metric: metric ?? source.metric ?? .innerProduct)
        case .index(let file, let path):
            guard metric == nil || metric == file.index.metric else {
                throw Failure(
                    code: "METRIC", message: "\(path): it ranks by \(file.index.metric.name)",
                    next: "leave --metric out, or build another index", exitCode: .usage)
            }
            let sample = try Self.sample(of: queries, dimension: file.index.dimension)
            do throws(IndexError) {
                index = file.index
                let target = recall ?? index.learnedDepth?.target ?? 0.98
                if method != .exact, index.graph != nil,
                    sample.count > 0 || target != index.learnedDepth?.target
                {
                    try index.learnDepth(target: target, queries: sample)
                    try index.measureCosts()
                }
            } catch {
                throw Failure(error, file: path)
            }
        }
        buildSeconds = (ContinuousClock.now - start) / .seconds(1)
    }

    /// Some of the queries, where there are many, at equal distances; those that an index would refuse
    /// are left to `answers`.
    private static func sample(
        of queries: VectorSource, dimension: Int
    ) throws -> FloatRows {
        let rows = try queries.rows()
        var sample = FloatRows(dimension: rows.dimension, count: 0)
        guard rows.count >= gatheringLimit, rows.dimension == dimension else { return sample }
        let step = max(1, rows.count / sampleSize)
        for row in stride(from: 0, to: rows.count, by: step) {
            let query = rows.rows(row..<row + 1)
            if query.values.allSatisfy(\.isFinite) { sample.append(query[0]) }
        }
        return sample
    }

    /// The nearest rows of all queries.
    ///
    /// - Parameters:
    ///   - queries: checked whole before the first search; of any format.
    ///   - way: how they are found.
    /// - Returns: the rows found, in the order of the queries.
    /// - Throws: `Failure` for queries of another length, or with NaN or infinity.
    func answers(to queries: VectorSource, _ way: Way) async throws -> Answers {
        let rows = try queries.rows()
        guard rows.dimension == index.dimension else {
            throw Failure(
                IndexError.dimension(expected: index.dimension, found: rows.dimension),
                file: queries.path)
        }
        let all = rows.all()
        // Before the first search; the index would refuse it only once it has come to it.
        if let place = all.values.firstIndex(where: { !$0.isFinite }) {
            throw Failure(IndexError.notFinite(row: place / all.dimension), file: queries.path)
        }
        let bar = ProgressBar()
        defer { bar.finish() }
        var answers = Answers()
        for block in all.blocks(of: way.batch) {
            bar.show("searching", done: answers.rows.count, total: all.count)
            let start = ContinuousClock.now
            let found: [[VectorMatch<VectorKey>]]
            do throws(IndexError) {
                found = try await search(block, way, &answers)
            } catch {
                throw Failure(error, file: path)
            }
            answers.seconds += (ContinuousClock.now - start) / .seconds(1)
            answers.rows += found.map {
                $0.map { Int(truncatingIfNeeded: $0.key.rawValue) }
            }
        }
        return answers
    }

    private func search(
        _ queries: FloatRows, _ way: Way, _ answers: inout Answers
    ) async throws(IndexError) -> [[VectorMatch<VectorKey>]] {
        let limit = min(way.limit, index.count)
        let plan = index.plan(limit: limit, method: way.method, batch: queries.count)
        if case .graph = plan.method {
            let found = try index.search(queries, limit: limit, method: way.method)
            answers.walks += found.count
            answers.fallbacks += found.count { $0.isFallback }
            answers.evaluations += found.reduce(0) { $0 + $1.evaluations }
            return found.map(\.matches)
        }
        let (matches, evaluations) =
            way.threads == 1
            ? try index.search(batch: queries, limit: limit)
            : try await index.search(queries, limit: limit, tasks: way.threads)
        answers.evaluations += evaluations
        return matches
    }
}
