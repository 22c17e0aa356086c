import Kernels
import Orchestration
import Vectors

/// Writes rows as a FAISS index.
struct FaissExport {
    private enum Form {
        case flat
        case lists(FaissLists)
        case codes(FaissScalarCodes)
    }

    private let rows: RowSequence
    private let metric: FaissMetric
    private let form: Form

    /// Rows that are read at once.
    private static let blockSize = 4096

    /// Reads the rows as often as the kind needs it before it can be written.
    ///
    /// - Throws: `Failure` for rows that the kind cannot hold.
    init(_ rows: RowSequence, of path: String, kind: FaissKind, metric: FaissMetric) throws {
        self.rows = rows
        self.metric = metric
        switch kind {
        case .flat: form = .flat
        case .lists: form = .lists(try Self.lists(rows, path, metric))
        case .bytes: form = .codes(try Self.codes(.eightBits, rows, path))
        case .halves: form = .codes(try Self.codes(.half, rows, path))
        }
    }

    /// Hands the index to `sink`, block after block.
    func write<Cause: Error>(
        _ blocks: some Sequence<FloatRows>, to sink: ([UInt8]) throws(Cause) -> Void
    ) throws(Cause) {
        let layout = FaissLayout(
            identifiers: rows.identifiers, metric: metric, dimension: rows.dimension,
            count: rows.count)
        switch form {
        case .flat: try FaissFile.write(layout, rows: blocks, ids: rows.ids, to: sink)
        case .codes(let codes):
            try FaissFile.write(layout, codes: codes, rows: blocks, ids: rows.ids, to: sink)
        case .lists(let lists): try lists.write(ids: rows.ids, rows: rows.rows, to: sink)
        }
    }

    private static func codes(
        _ type: FaissScalarType, _ rows: RowSequence, _ path: String
    ) throws -> FaissScalarCodes {
        guard
            let codes = FaissScalarCodes(
                type, of: rows.blocks(of: blockSize), dimension: rows.dimension)
        else {
            throw Failure(
                code: "RANGE",
                message: "\(path): it holds NaN or infinity, or values too great for \(type.name)",
                next: "--type flat, which holds any value", exitCode: .failure)
        }
        return codes
    }

    private static func lists(
        _ rows: RowSequence, _ path: String, _ metric: FaissMetric
    ) throws -> FaissLists {
        guard rows.count > 0 else {
            throw Failure(
                code: "EMPTY", message: "\(path): without rows there are no lists",
                next: "--type flat", exitCode: .failure)
        }
        let bar = ProgressBar()
        defer { bar.finish() }
        bar.show("finding lists", done: 0, total: rows.count)
        var lists = FaissLists(metric: metric, count: rows.count, rows: rows.rows)
        var done = 0
        for block in rows.blocks(of: blockSize) {
            if let place = block.values.firstIndex(where: { !$0.isFinite }) {
                throw Failure(
                    IndexError.notFinite(row: place / block.dimension), file: path, firstRow: done)
            }
            lists.add(block)
            done += block.count
            bar.show("filling lists", done: done, total: rows.count)
        }
        return lists
    }
}
