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
    private let faiss: FaissExport?

    /// Rows that are read and written at once.
    private static let blockSize = 4096

    /// Whether the base names its rows by ids that the new file has no place for.
    var dropsIDs: Bool {
        format != .faiss && !rows.ids.isEmpty
    }

    /// Opens the base, and reads it where a FAISS index's kind asks for that.
    ///
    /// - Parameters:
    ///   - base: what is written.
    ///   - format: of the new file.
    ///   - kind: that of a FAISS index.
    ///   - metric: what a FAISS index ranks by.
    /// - Throws: `Failure` for a base that the new file cannot hold.
    init(
        _ base: VectorBase, as format: Format, kind: FaissKind, metric: FaissMetric
    ) throws {
        self.format = format
        rows = try RowSequence(base)
        faiss =
            format == .faiss
            ? try FaissExport(rows, of: base.path, kind: kind, metric: metric) : nil
        guard format != .fvecs || rows.count > 0 else {
            throw Failure(
                code: "EMPTY", message: "\(base.path): without rows; an .fvecs file needs one",
                next: "export to .npy", exitCode: .failure)
        }
    }

    /// Writes the file, block after block.
    ///
    /// - Parameter path: replaced whole where it is there already.
    /// - Throws: `StoreError.system`; then what was there stays.
    func write(to path: String) throws {
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
            case .faiss: try faiss?.write(blocks, to: counting)
            }
        }
    }
}
