public import Kernels

/// FAISS index files: `IndexFlatIP`, `IndexFlatL2`, `IndexIVFFlat`, `IndexScalarQuantizer` and
/// `IndexHNSWFlat`, bare or below an `IndexIDMap` or `IndexIDMap2`.
///
/// All numbers little-endian and unaligned; no version, no checksum. The header:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 4 | four letters, the kind |
/// | 4 | 4 | d, the length of a vector, i32, at most 2²⁰ |
/// | 8 | 8 | n, the number of vectors, i64 |
/// | 16 | 16 | 1048576, i64, twice; FAISS ignores them when it reads |
/// | 32 | 1 | trained, 0 or 1 |
/// | 33 | 4 | the metric, i32: 0 inner product, 1 L2; the others have an argument after it and are not read |
///
/// A flat index:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 37 | header, `IxFI` (inner product), `IxF2` (L2), or `IxFl` (either, by the header's metric) |
/// | 37 | 8 | the number of floats, n·d, u64 |
/// | 45 | 4·n·d | the vectors, f32, row after row |
///
/// A map of ids; FAISS rebuilds what `IxM2` has more than `IxMp`:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 37 | header, `IxMp` or `IxM2`, with the shape of the index below |
/// | 37 | … | the whole index below, which is no map |
/// | … | 8 | the number of ids, n, u64 |
/// | … | 8·n | the ids, i64; the first is that of row 0, or of what an `IndexIVFFlat` calls 0 |
///
/// An `IndexScalarQuantizer`; `FaissScalarType` and `ValueScale` tell what codes stand for:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 37 | header, `IxSQ` |
/// | 37 | 4 | the type, i32 |
/// | 41 | 8 | how the scale was found: i32, f32 |
/// | 49 | 8 | d, u64 |
/// | 57 | 8 | c, the bytes of a row's code, u64 |
/// | 65 | 8 | the number of the scale's values, 2·d, 2 or 0, u64 |
/// | 73 | … | the least values and then the spreads, f32 |
/// | … | 8 | n·c, u64 |
/// | … | n·c | the codes, row after row |
///
/// An `IndexIVFFlat`; FAISS counts rows, too, that it could not give to a list:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 37 | header, `IwFl` |
/// | 37 | 8 | l, the number of lists, u64 |
/// | 45 | 8 | how many of them a search looks at, u64 |
/// | 53 | … | the quantizer: a flat index of l vectors; of none where it is not trained |
/// | … | 1 | the type of the direct map: 0 none, 1 array, 2 hash table |
/// | … | 8 + 8·m | the array: m, u64, and as many i64 |
/// | … | 8 + 16·m | with type 2 alone, the pairs: m, u64, and twice as many i64 |
/// | … | 4 | `ilar`, the lists are here; of other kinds none is read |
/// | … | 16 | l and 4·d, u64 |
/// | … | 4 | `full`, or `sprs` where at most half of the lists hold rows |
/// | … | 8 + 8·l | `full`: l, and every list's number of rows, u64 |
/// | … | 8 + 16·m | `sprs`: 2·m, and the number and the rows of each list that holds any, u64 |
/// | … | (4·d + 8)·r | for each list of r rows: the vectors, f32, and then the ids, i64 |
///
/// An `IndexHNSWFlat`, whose graph is checked and not used:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 37 | header, `IHNf` |
/// | 37 | 8 + 8·m | the probabilities of the levels: m, u64, and as many f64 |
/// | … | 8 + 4·m | how many edges a row has on so many levels: m, u64, and as many i32, rising from 0 |
/// | … | 8 + 4·n | n, u64, and on how many levels each row is, i32 |
/// | … | 8 + 8·(n + 1) | n + 1, u64, and which edge is each row's first, u64; the last is e, their number |
/// | … | 8 + 4·e | e, u64, and the edges, i32; −1 where there is none |
/// | … | 20 | the first row of a search, the greatest level, two depths of searches, and a 1: i32 |
/// | … | … | the vectors: a flat index |
///
/// - Source: faiss/impl/index_write.cpp, index_read.cpp and scalar_quantizer/ of FAISS 1.15.
public enum FaissFile {
    static let idsInBlock = 1 << 13

    /// Writes an index in blocks of bytes, so that it is never in memory whole.
    ///
    /// - Parameters:
    ///   - layout: the kind and shape; how it holds its vectors is left to `codes`.
    ///   - codes: what makes codes of the rows, for an `IndexScalarQuantizer`; nil for a flat index.
    ///   - rows: `layout.count` rows in all, in blocks of any size.
    ///   - ids: an id for every row; none where rows are named by their number.
    ///   - sink: takes the file's bytes, block after block.
    /// - Throws: what `sink` throws.
    /// - Precondition: rows and ids are as many and as long as the layout says.
    public static func write<Failure: Error>(
        _ layout: FaissLayout, codes: FaissScalarCodes? = nil, rows: some Sequence<FloatRows>,
        ids: some Collection<Int64> = EmptyCollection<Int64>(),
        to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let isMapped = layout.identifiers != .rowNumbers
        precondition(ids.count == (isMapped ? layout.count : 0), "an id for every row")
        var head: [UInt8] = []
        if isMapped { head += header(layout.identifiers.rawValue, layout) }
        head += header(codes == nil ? layout.metric.code : "IxSQ", layout)
        head += codes?.head ?? []
        head += littleEndian(
            UInt64(layout.count * (codes?.byteCountOfRow ?? layout.dimension)))
        try sink(head)
        var written = 0
        for block in rows {
            precondition(block.dimension == layout.dimension, "rows of another dimension")
            written += block.count
            precondition(written <= layout.count, "more rows than were told")
            try sink(codes?.bytes(of: block) ?? block.littleEndianBytes)
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

    static func header(_ code: String, _ layout: FaissLayout) -> [UInt8] {
        Array(code.utf8) + littleEndian(Int32(layout.dimension)) + littleEndian(Int64(layout.count))
            + littleEndian(Int64(1 << 20)) + littleEndian(Int64(1 << 20))
            + [1] + littleEndian(layout.metric.rawValue)
    }

    static func littleEndian(_ value: some FixedWidthInteger & BitwiseCopyable) -> [UInt8] {
        [value].littleEndianBytes
    }
}
