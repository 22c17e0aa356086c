import Kernels
import Orchestration
import Vectors

/// Searches an index for many queries.
struct VectorSearch {
    /// The nearest rows of each query by their numbers, best first.
    struct Answers {
        var rows: [[Int]] = []
        /// The time of all searches together.
        var seconds = 0.0
        /// How many rows were scored in f32 for all queries together.
        var evaluations = 0
    }

    let index: VectorIndex
    /// What the index was made from.
    let path: String
    /// How long the index took to make or to open.
    let buildSeconds: Double

    /// From this many searches on it pays to have a file's codes in memory.
    private static let gatheringLimit = 32

    /// Opens an index, or makes one from a file.
    ///
    /// - Parameters:
    ///   - base: what is searched.
    ///   - metric: what near means; nil for the base's own.
    ///   - searches: how many there will be.
    /// - Throws: `Failure`, also where a folder's index ranks by another metric.
    init(_ base: VectorBase, metric: VectorMetric?, searches: Int) throws {
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
            do throws(IndexError) {
                index = searches < Self.gatheringLimit ? file.index : try file.index.gathered()
            } catch {
                throw Failure(error, file: path)
            }
        }
        buildSeconds = (ContinuousClock.now - start) / .seconds(1)
    }

    /// The nearest rows of all queries.
    ///
    /// - Parameters:
    ///   - queries: checked whole before the first search; of any format.
    ///   - limit: the most rows for each query.
    ///   - batch: how many queries are searched at once.
    ///   - threads: among how many each such search is split.
    /// - Returns: the rows found, in the order of the queries.
    /// - Throws: `Failure` for queries of another length, or with NaN or infinity.
    func answers(
        to queries: VectorSource, limit: Int, batch: Int, threads: Int
    ) async throws -> Answers {
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
        for block in all.blocks(of: batch) {
            bar.show("searching", done: answers.rows.count, total: all.count)
            let start = ContinuousClock.now
            let found = try await search(
                block, limit: min(limit, index.count), threads: threads)
            answers.seconds += (ContinuousClock.now - start) / .seconds(1)
            answers.rows += found.matches.map {
                $0.map { Int(truncatingIfNeeded: $0.key.rawValue) }
            }
            answers.evaluations += found.evaluations
        }
        return answers
    }

    private func search(
        _ queries: FloatRows, limit: Int, threads: Int
    ) async throws -> (matches: [[VectorMatch<VectorKey>]], evaluations: Int) {
        do throws(IndexError) {
            return threads == 1
                ? try index.search(batch: queries, limit: limit)
                : try await index.search(queries, limit: limit, tasks: threads)
        } catch {
            throw Failure(error, file: path)
        }
    }
}
