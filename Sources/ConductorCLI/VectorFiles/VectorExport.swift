import Kernels
import Orchestration
import Store
import Vectors

/// Writes the rows of a file in the format that the new file's name tells.
struct VectorExport {
    enum Format: String, CaseIterable {
        case npy, fvecs, faiss

        /// By the end of a file's name.
        init?(path: String) {
            guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") })
            else { return nil }
            self = format
        }
    }

    let rows: RowSequence
    let format: Format

    /// Rows that are read and written at once.
    private static let blockSize = 4096

    /// Whether the base names its rows by ids that the new file has no place for.
    var dropsIDs: Bool {
        format != .faiss && !rows.ids.isEmpty
    }

    init(_ base: VectorBase, as format: Format) throws {
        self.format = format
        rows = try RowSequence(base)
        guard format != .fvecs || rows.count > 0 else {
            throw Failure(
                code: "EMPTY", message: "\(base.path): without rows; an .fvecs file needs one",
                next: "export to .npy", exitCode: .failure)
        }
    }

    /// Writes the file, block after block.
    ///
    /// - Parameters:
    ///   - path: replaced whole where it is there already.
    ///   - metric: what a FAISS index ranks by.
    /// - Throws: `StoreError.system`; then what was there stays.
    func write(to path: String, metric: FaissMetric) throws {
        let bar = ProgressBar()
        defer { bar.finish() }
        var done = 0
        let blocks = rows.blocks(of: Self.blockSize)
        try AtomicFile.write(to: path) { sink throws(StoreError) in
            let width = rows.dimension * 4
            let counting: ([UInt8]) throws(StoreError) -> Void = { bytes throws(StoreError) in
                bar.show("writing", done: min(done, rows.count), total: rows.count)
                done += bytes.count / width
                try sink(bytes)
            }
            switch format {
            case .npy:
                try NumpyFile.write(
                    count: rows.count, dimension: rows.dimension, rows: blocks, to: counting)
            case .fvecs: try FvecsFile.write(blocks, to: counting)
            case .faiss:
                try FaissFile.write(layout(metric), rows: blocks, ids: rows.ids, to: counting)
            }
        }
    }

    private func layout(_ metric: FaissMetric) -> FaissLayout {
        FaissLayout(
            identifiers: rows.identifiers, metric: metric, dimension: rows.dimension,
            count: rows.count)
    }
}
