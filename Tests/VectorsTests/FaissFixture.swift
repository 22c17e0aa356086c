import Kernels

/// Small FAISS files, byte by byte as FAISS 1.15 writes them.
enum FaissFixture {
    /// Three rows of two values.
    static let rows = FloatRows(dimension: 2, values: [1, -2, 0.5, -0.0, 3e38, 4])

    static func header(
        _ code: String, count: Int, dimension: Int = 2, metric: Int32 = 1
    ) -> [UInt8] {
        Array(code.utf8) + [Int32(dimension)].littleEndianBytes + [Int64(count)].littleEndianBytes
            + [Int64(1 << 20), 1 << 20].littleEndianBytes + [1] + [metric].littleEndianBytes
    }

    static func flat(_ rows: FloatRows, metric: Int32 = 1) -> [UInt8] {
        header(
            metric == 0 ? "IxFI" : "IxF2", count: rows.count, dimension: rows.dimension,
            metric: metric)
            + words(rows.values.count) + rows.littleEndianBytes
    }

    /// An `IndexIVFFlat` of two lists: the last two rows in the first one, and the first row.
    static func lists(
        ids: [Int64] = [0, 1, 2], directMap: UInt8 = 0, isSparse: Bool = false, metric: Int32 = 1
    ) -> [UInt8] {
        let quantizer = FloatRows(dimension: 2, values: [2, 2, 1, -1])
        var bytes = header("IwFl", count: 3, metric: metric) + words(2, 1)
        bytes += flat(quantizer, metric: metric) + [directMap]
        bytes += directMap == 1 ? words(3, 1 << 32, 0, 1) : words(0)
        if directMap == 2 { bytes += words(1) + [ids[2], 1].littleEndianBytes }
        bytes += Array("ilar".utf8) + words(2, 8)
        bytes +=
            isSparse
            ? Array("sprs".utf8) + words(4, 0, 2, 1, 1) : Array("full".utf8) + words(2, 2, 1)
        for list in [[1, 2], [0]] {
            for row in list { bytes += rows.littleEndianBytes(ofRow: row) }
            bytes += list.map { ids[$0] }.littleEndianBytes
        }
        return bytes
    }

    /// An `IndexScalarQuantizer` of three rows of two values.
    static func codes(
        type: Int32, trained: [Float], codes: [UInt8], metric: Int32 = 1
    ) -> [UInt8] {
        header("IxSQ", count: 3, metric: metric) + [type, 0, 0].littleEndianBytes
            + words(2, codes.count / 3, trained.count)
            + trained.map(\.bitPattern).littleEndianBytes + words(codes.count) + codes
    }

    /// An `IndexHNSWFlat` whose last row stands on two levels.
    static func graph(metric: Int32 = 1) -> [UInt8] {
        header("IHNf", count: 3, metric: metric)
            + words(2) + [0.75, 0.25].map(\.bitPattern).littleEndianBytes
            + words(3) + [Int32(0), 4, 6].littleEndianBytes
            + words(3) + [Int32(1), 1, 2].littleEndianBytes
            + words(4, 0, 4, 8, 14)
            + words(14)
            + [Int32(1), 2, -1, -1, 0, 2, -1, -1, 0, 1, -1, -1, -1, -1].littleEndianBytes
            + [Int32(2), 1, 40, 16, 1].littleEndianBytes + flat(rows, metric: metric)
    }

    /// The same index below an `IndexIDMap`.
    static func mapped(_ index: [UInt8], ids: [Int64], metric: Int32 = 1) -> [UInt8] {
        header("IxMp", count: ids.count, metric: metric) + index + words(ids.count)
            + ids.littleEndianBytes
    }

    static func words(_ numbers: Int...) -> [UInt8] {
        numbers.map(UInt64.init).littleEndianBytes
    }

    /// Replaces bytes of a file.
    static func patched(_ bytes: [UInt8], at offset: Int, _ patch: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(offset..<offset + patch.count, with: patch)
        return bytes
    }
}
