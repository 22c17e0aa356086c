public import Kernels

/// Arrays in NumPy's `.npy` format, version 1.0.
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 6 | `\x93NUMPY` |
/// | 6 | 2 | version 1, 0 |
/// | 8 | 2 | the header's length, u16 little-endian |
/// | 10 | … | a Python dict of `descr`, `fortran_order`, `shape`, padded so the data is 64-aligned |
/// | … | … | the values, row-major, little-endian |
///
/// - Source: NEP 1, https://numpy.org/neps/nep-0001-npy-format.html
public enum NumpyFile {
    /// The bytes of a file that holds rows as f32 `[count, dimension]`.
    public static func bytes(of rows: FloatRows) -> [UInt8] {
        let shape = "(\(rows.count), \(rows.dimension))"
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
        let padding = 64 - (10 + header.utf8.count + 1) % 64
        header += String(repeating: " ", count: padding % 64) + "\n"
        let length = UInt16(header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
            + Array(header.utf8) + rows.littleEndianBytes
    }
}
