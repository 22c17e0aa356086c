public import Kernels

/// FAISS index files: an `IndexIDMap2` over an `IndexFlatIP`.
///
/// All numbers little-endian and unaligned.
///
/// | bytes | what |
/// |---|---|
/// | 4 | `IxM2` |
/// | 33 | header: `d` i32, `ntotal` i64, 1048576 i64 twice, trained u8 = 1, metric i32 = 0 (inner product) |
/// | 4 | `IxFI` |
/// | 33 | the same header |
/// | 8 | the number of floats, u64 |
/// | 4·n·d | the vectors, f32, row after row |
/// | 8 | the number of ids, u64 |
/// | 8·n | the ids, i64, one a row |
///
/// - Source: faiss/impl/index_write.cpp of FAISS 1.15.
public enum FaissFile {
    /// The bytes of an index that holds rows under ids.
    ///
    /// - Precondition: as many ids as rows.
    public static func bytes(of rows: FloatRows, ids: [Int64]) -> [UInt8] {
        precondition(ids.count == rows.count, "an id for every row")
        let vectors = rows.littleEndianBytes
        var bytes: [UInt8] = []
        bytes.reserveCapacity(vectors.count + ids.count * 8 + 100)
        for code in ["IxM2", "IxFI"] {
            bytes += Array(code.utf8)
            bytes += littleEndian(Int32(rows.dimension)) + littleEndian(Int64(rows.count))
            bytes += littleEndian(Int64(1 << 20)) + littleEndian(Int64(1 << 20))
            bytes += [1] + littleEndian(Int32(0))
        }
        bytes += littleEndian(UInt64(rows.values.count)) + vectors
        bytes += littleEndian(UInt64(ids.count))
        for id in ids { bytes += littleEndian(id) }
        return bytes
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
