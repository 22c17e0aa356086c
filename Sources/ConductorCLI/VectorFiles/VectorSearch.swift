import Kernels
import Orchestration
import Vectors

/// Searches the rows of a file for many queries, from an index that is made in memory.
struct VectorSearch {
    /// The nearest rows of each query by their numbers, best first.
    struct Answers {
        var rows: [[Int]] = []
        /// The time of all searches together.
        var seconds = 0.0
        /// How many rows were scored in f32 for all queries together; nil where it is not told.
        var evaluations: Int?
    }

    let index: VectorIndex
    /// How long the index took to make, reading included.
    let buildSeconds: Double

    /// Rows that are read at once.
    private static let blockSize = 4096

    init(_ base: VectorSource, metric: VectorMetric) throws {
        let rows = try base.rows()
        // Codes are made when all rows are there, around the mean of them all.
        var index = VectorIndex(
            dimension: rows.dimension, metric: metric, codedFrom: max(4096, rows.count))
        let bar = ProgressBar()
        defer { bar.finish() }
        let start = ContinuousClock.now
        for block in rows.blocks(of: Self.blockSize) {
            bar.show("reading", done: index.count, total: rows.count)
            let first = index.count
            let keys = (first..<first + block.count).map { VectorKey(rawValue: UInt64($0)) }
            do throws(IndexError) {
                try index.append(block, keys: keys)
            } catch {
                throw Failure(error, file: base.path, firstRow: first)
            }
        }
        self.index = index
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
        var answers = Answers(evaluations: threads == 1 ? 0 : nil)
        for block in all.blocks(of: batch) {
            bar.show("searching", done: answers.rows.count, total: all.count)
            let start = ContinuousClock.now
            let found = try await search(block, limit: min(limit, index.count), threads: threads)
            answers.seconds += (ContinuousClock.now - start) / .seconds(1)
            answers.rows += found.matches.map { $0.map { Int($0.key.rawValue) } }
            if let count = found.evaluations { answers.evaluations? += count }
        }
        return answers
    }

    private func search(
        _ queries: FloatRows, limit: Int, threads: Int
    ) async throws(IndexError) -> (matches: [[VectorMatch<VectorKey>]], evaluations: Int?) {
        if threads == 1 {
            let (matches, evaluations) = try index.search(batch: queries, limit: limit)
            return (matches, evaluations)
        }
        return (try await index.search(queries, limit: limit, tasks: threads), nil)
    }
}
