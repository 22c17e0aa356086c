import Orchestration
import Store
import Vectors

/// Numbers of rows as `.npy` files hold them: int64 `[queries, k]`, −1 where there are fewer.
enum RowNumbers {
    /// More values than that are not written at once.
    private static let valueLimit = 1 << 28

    /// Refuses a file that would be too large, before anything is searched.
    static func requireRoom(queries: Int, limit: Int) throws {
        let (count, overflow) = queries.multipliedReportingOverflow(by: limit)
        guard !overflow, count <= valueLimit else {
            throw Failure(
                code: "TOO_LARGE",
                message: "\(queries) queries with \(limit) rows each are more than \(valueLimit) "
                    + "numbers", next: "a lesser -k", exitCode: .usage)
        }
    }

    /// Writes the rows found for each query.
    static func write(_ rows: [[Int]], limit: Int, to path: String) throws {
        let values = rows.flatMap { row in
            row.map(Int64.init) + repeatElement(-1, count: limit - row.count)
        }
        try AtomicFile.write(NumpyFile.bytes(of: values, columnCount: limit), to: path)
    }

    /// Reads the true nearest rows of each query: the first `limit` of each line, without −1.
    static func truth(
        at path: String, queries: Int, limit: Int, rowCount: Int?
    ) throws -> [Set<Int>] {
        let array: NumpyArray
        let values: [Int64]
        do throws(VectorFileError) {
            array = try NumpyArray(path: path)
            values = try array.integers()
        } catch {
            throw Failure(error, file: path)
        }
        let width = array.shape[array.shape.count - 1]
        let count = array.shape.count == 1 ? 1 : array.shape[0]
        guard count == queries, width >= limit else {
            throw refused(
                path, "it has \(count) lines of \(width) rows; wanted \(queries) of \(limit)")
        }
        return try (0..<count).map { line in
            let numbers = values[line * width..<line * width + limit].filter { $0 != -1 }
            guard let rowCount, let odd = numbers.first(where: { $0 < 0 || $0 >= rowCount })
            else { return Set(numbers.map(Int.init)) }
            throw refused(path, "line \(line) names row \(odd); the base has \(rowCount)")
        }
    }

    /// The share of the true rows that were found; 1 where there are none.
    static func recall(of found: [[Int]], truth: [Set<Int>]) -> Double {
        let wanted = truth.reduce(0) { $0 + $1.count }
        let hits = zip(found, truth).reduce(0) { sum, pair in
            sum + pair.0.count { pair.1.contains($0) }
        }
        return wanted > 0 ? Double(hits) / Double(wanted) : 1
    }

    private static func refused(_ path: String, _ reason: String) -> Failure {
        Failure(
            code: "BAD_TRUTH", message: "\(path): \(reason)",
            next: "make it with conductor vectors search --out", exitCode: .failure)
    }
}
