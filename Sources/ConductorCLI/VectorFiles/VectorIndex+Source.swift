import Kernels
import Orchestration
import Vectors

extension VectorIndex {
    /// Rows that are read at once.
    private static let blockSize = 4096

    /// An index of a file's rows, with a bar while it is made.
    ///
    /// - Parameters:
    ///   - source: the rows.
    ///   - metric: what near means.
    ///   - usesIDs: whether rows are named by the ids of a FAISS file; else by their numbers.
    /// - Throws: `Failure`.
    init(_ source: VectorSource, metric: VectorMetric, usesIDs: Bool = false) throws {
        let rows = try source.rows()
        // Codes are made when all rows are there, around the mean of them all.
        self.init(
            dimension: rows.dimension, metric: metric, codedFrom: max(4096, rows.count))
        let bar = ProgressBar()
        defer { bar.finish() }
        var first = 0
        for block in rows.blocks(of: Self.blockSize) {
            bar.show("reading", done: first, total: rows.count)
            let range = first..<first + block.count
            var keys = range.map { VectorKey(rawValue: UInt64($0)) }
            if usesIDs, case .faiss(let index) = source.file {
                keys = index.ids(range).map { VectorKey(rawValue: UInt64(bitPattern: $0)) }
            }
            do throws(IndexError) {
                try append(block, keys: keys)
            } catch {
                throw Failure(error, file: source.path, firstRow: first)
            }
            first = range.upperBound
        }
    }
}
