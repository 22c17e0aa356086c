public import Kernels

/// Vectors in the `.fvecs` format of the TEXMEX data sets.
///
/// No header; for each row, little-endian:
///
/// | size | what |
/// |---|---|
/// | 4 | d, the row's length, i32; the same in every row |
/// | 4·d | the values, f32 |
///
/// - Source: http://corpus-texmex.irisa.fr
public enum FvecsFile {
    /// Maps the file at `path` and checks the length of every row.
    ///
    /// - Throws: `VectorFileError`. An empty file is an error, for it tells no dimension.
    /// - Complexity: O(rows).
    public static func rows(at path: String) throws(VectorFileError) -> StoredRows {
        try rows(in: StoredBytes.file(at: path))
    }

    /// Checks the length of every row.
    ///
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(rows).
    public static func rows(in bytes: StoredBytes) throws(VectorFileError) -> StoredRows {
        let limit = VectorFile.dimensionLimit
        var reader = ByteReader(bytes)
        var dimension: Int32?
        var count = 0
        repeat {
            let start = reader.offset
            let length: Int32 = try reader.integer("the length of row \(count)")
            if let dimension, length != dimension {
                throw .unexpected(
                    offset: start, expected: "row \(count), \(dimension) long", found: "\(length)")
            }
            guard length >= 1, length <= limit else {
                throw .unexpected(
                    offset: start, expected: "the length of a row, 1 to \(limit)",
                    found: "\(length)")
            }
            try reader.skip(count: UInt64(length), of: 4, "row \(count)")
            dimension = length
            count += 1
        } while reader.left > 0
        let width = Int(dimension ?? 1)
        guard
            let rows = StoredRows(
                bytes, byteOffset: 4, dimension: width, count: count, element: .float,
                strideInBytes: 4 + 4 * width)
        else { preconditionFailure("the reader stepped over the rows") }
        return rows
    }

    /// Writes rows in blocks of bytes.
    ///
    /// - Parameters:
    ///   - rows: blocks of any size, all of one dimension.
    ///   - sink: takes the file's bytes, a block for a block.
    /// - Throws: what `sink` throws.
    public static func write<Failure: Error>(
        _ rows: some Sequence<FloatRows>, to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var dimension: Int?
        for block in rows {
            precondition(
                block.dimension == dimension ?? block.dimension, "rows of another dimension")
            dimension = block.dimension
            let length = [Int32(block.dimension)].littleEndianBytes
            var bytes: [UInt8] = []
            bytes.reserveCapacity(block.count * (4 + 4 * block.dimension))
            for row in 0..<block.count {
                bytes += length
                bytes += block.littleEndianBytes(ofRow: row)
            }
            try sink(bytes)
        }
    }

    /// The bytes of a file that holds rows.
    public static func bytes(of rows: FloatRows) -> [UInt8] {
        var bytes: [UInt8] = []
        write(CollectionOfOne(rows)) { bytes += $0 }
        return bytes
    }
}
