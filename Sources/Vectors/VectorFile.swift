public import Kernels

/// A file of vectors in any of the formats that are read; its first bytes tell which.
public enum VectorFile: Sendable {
    /// The longest vector that is read, which is FAISS's own limit; more is damage.
    public static let dimensionLimit = 1 << 20

    /// NumPy's `.npy`.
    case numpy(NumpyArray)
    /// `.fvecs`.
    case fvecs(StoredRows)
    /// A FAISS index.
    case faiss(FaissIndex)

    /// Maps and checks the file at `path`.
    ///
    /// - Throws: `VectorFileError`; what is none of the three is told as an unknown FAISS index.
    /// - Complexity: O(1), for `.fvecs` O(rows).
    public init(path: String) throws(VectorFileError) {
        try self.init(StoredBytes.file(at: path))
    }

    /// Checks a file's bytes.
    ///
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(1), for `.fvecs` O(rows).
    public init(_ bytes: StoredBytes) throws(VectorFileError) {
        var reader = ByteReader(bytes)
        let first: UInt32 = try reader.integer("a file of vectors")
        // `.fvecs` begins with a length, which is less than any four letters.
        if first & 0xFF == 0x93 && first >> 8 == 0x4D_554E {
            self = .numpy(try NumpyArray(bytes))
        } else if first <= Self.dimensionLimit {
            self = .fvecs(try FvecsFile.rows(in: bytes))
        } else {
            self = .faiss(try FaissIndex(bytes))
        }
    }

    /// The vectors.
    ///
    /// - Throws: `.unsupported` where an array holds integers or rows of no values.
    public func rows() throws(VectorFileError) -> StoredRows {
        switch self {
        case .numpy(let array): try array.rows()
        case .fvecs(let rows): rows
        case .faiss(let index): index.rows
        }
    }
}
