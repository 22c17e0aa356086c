public import Kernels

/// Arrays in NumPy's `.npy` format: written as version 1.0, read as 1.0, 2.0 and 3.0.
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 6 | `\x93NUMPY` |
/// | 6 | 2 | version 1, 2 or 3, then 0 |
/// | 8 | 2, from version 2 on 4 | the header's length, little-endian |
/// | 10 or 12 | … | a Python dict of `descr`, `fortran_order`, `shape`, padded so the data is 64-aligned |
/// | … | … | the values, row-major, little-endian: `<f4`, `<f2` or `<i8` |
///
/// The versions differ in nothing else that matters here: 3.0 allows UTF-8 in the names of fields,
/// and arrays with fields are not read.
///
/// - Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public enum NumpyFile {
    /// The bytes of a file that holds rows as f32 `[count, dimension]`.
    public static func bytes(of rows: FloatRows) -> [UInt8] {
        header(.float, rows.count, rows.dimension) + rows.littleEndianBytes
    }

    /// The bytes of a file that holds integers as int64 `[values.count / columnCount, columnCount]`.
    ///
    /// - Precondition: `columnCount > 0` and whole rows.
    public static func bytes(of values: [Int64], columnCount: Int) -> [UInt8] {
        precondition(columnCount > 0 && values.count % columnCount == 0, "ragged rows")
        return header(.int64, values.count / columnCount, columnCount) + values.littleEndianBytes
    }

    /// Writes f32 `[count, dimension]` in blocks of bytes, so that it is never in memory whole.
    ///
    /// - Parameters:
    ///   - count: how many rows there are.
    ///   - dimension: the length of each.
    ///   - rows: all of them, in blocks of any size.
    ///   - sink: takes the file's bytes, block after block.
    /// - Throws: what `sink` throws.
    /// - Precondition: the rows are as many and as long as was told.
    public static func write<Failure: Error>(
        count: Int, dimension: Int, rows: some Sequence<FloatRows>,
        to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        try sink(header(.float, count, dimension))
        var written = 0
        for block in rows {
            precondition(block.dimension == dimension, "rows of another dimension")
            written += block.count
            precondition(written <= count, "more rows than were told")
            try sink(block.littleEndianBytes)
        }
        precondition(written == count, "fewer rows than were told")
    }

    private static func header(
        _ type: NumpyArray.NumberType, _ count: Int, _ dimension: Int
    ) -> [UInt8] {
        let shape = "(\(count), \(dimension))"
        var header = "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': \(shape), }"
        let padding = 64 - (10 + header.utf8.count + 1) % 64
        header += String(repeating: " ", count: padding % 64) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0] + [UInt16(header.utf8.count)].littleEndianBytes
            + Array(header.utf8)
    }
}
