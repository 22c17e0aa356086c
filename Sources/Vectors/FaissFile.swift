public import Kernels

/// FAISS index files: `IndexFlatIP` or `IndexFlatL2`, bare or below an `IndexIDMap` or `IndexIDMap2`.
///
/// All numbers little-endian and unaligned; no version, no checksum. A flat index:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 4 | `IxFI` (inner product), `IxF2` (L2), or `IxFl` (either, by the header's metric) |
/// | 4 | 33 | header, below |
/// | 37 | 8 | the number of floats, n·d, u64 |
/// | 45 | 4·n·d | the vectors, f32, row after row |
///
/// A map of ids; FAISS rebuilds what `IxM2` has more than `IxMp`:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 4 | `IxMp` or `IxM2` |
/// | 4 | 33 | header, equal to that of the flat index |
/// | 37 | 45 + 4·n·d | the whole flat index |
/// | … | 8 | the number of ids, n, u64 |
/// | … | 8·n | the ids, i64, one a row |
///
/// The header:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 4 | d, the length of a vector, i32, at most 2²⁰ |
/// | 4 | 8 | n, the number of vectors, i64 |
/// | 12 | 16 | 1048576, i64, twice; FAISS ignores them when it reads |
/// | 28 | 1 | trained, 0 or 1 |
/// | 29 | 4 | the metric, i32: 0 inner product, 1 L2; the others have an argument after it and are not read |
///
/// - Source: faiss/impl/index_write.cpp and index_read.cpp of FAISS 1.15.
public enum FaissFile {
    private static let idsInBlock = 1 << 13

    /// Writes an index in blocks of bytes, so that it is never in memory whole.
    ///
    /// - Parameters:
    ///   - layout: the kind and shape.
    ///   - rows: `layout.count` rows in all, in blocks of any size.
    ///   - ids: an id for every row; none where rows are named by their number.
    ///   - sink: takes the file's bytes, block after block.
    /// - Throws: what `sink` throws.
    /// - Precondition: rows and ids are as many and as long as the layout says.
    public static func write<Failure: Error>(
        _ layout: FaissLayout, rows: some Sequence<FloatRows>,
        ids: some Collection<Int64> = EmptyCollection<Int64>(),
        to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let isMapped = layout.identifiers != .rowNumbers
        precondition(ids.count == (isMapped ? layout.count : 0), "an id for every row")
        var head: [UInt8] = []
        if isMapped { head += header(layout.identifiers.rawValue, layout) }
        head += header(layout.metric.code, layout)
        head += littleEndian(UInt64(layout.count * layout.dimension))
        try sink(head)
        var written = 0
        for block in rows {
            precondition(block.dimension == layout.dimension, "rows of another dimension")
            written += block.count
            precondition(written <= layout.count, "more rows than were told")
            try sink(block.littleEndianBytes)
        }
        precondition(written == layout.count, "fewer rows than were told")
        guard isMapped else { return }
        try sink(littleEndian(UInt64(layout.count)))
        var rest = ids[...]
        while !rest.isEmpty {
            try sink(Array(rest.prefix(idsInBlock)).littleEndianBytes)
            rest = rest.dropFirst(idsInBlock)
        }
    }

    /// The bytes of an `IndexIDMap2` over an `IndexFlatIP` that holds rows under ids.
    ///
    /// - Precondition: as many ids as rows.
    public static func bytes(of rows: FloatRows, ids: [Int64]) -> [UInt8] {
        let layout = FaissLayout(
            identifiers: .map2, metric: .innerProduct, dimension: rows.dimension, count: rows.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.values.count * 4 + ids.count * 8 + 100)
        write(layout, rows: CollectionOfOne(rows), ids: ids) { bytes += $0 }
        return bytes
    }

    private static func header(_ code: String, _ layout: FaissLayout) -> [UInt8] {
        Array(code.utf8) + littleEndian(Int32(layout.dimension)) + littleEndian(Int64(layout.count))
            + littleEndian(Int64(1 << 20)) + littleEndian(Int64(1 << 20))
            + [1] + littleEndian(layout.metric.rawValue)
    }

    private static func littleEndian(_ value: some FixedWidthInteger & BitwiseCopyable) -> [UInt8] {
        [value].littleEndianBytes
    }
}
