internal import Kernels

/// How many slots a chunk of an index file holds.
struct IndexGeometry: Sendable, Equatable {
    /// f32 rows in a chunk.
    let rowsPerChunk: Int
    /// Codes in a chunk; whole groups of eight, which kernels take at once.
    let codesPerChunk: Int
    /// The size of a row, and of a row's codes; no codes for very long rows.
    let rowBytes: Int
    let codeBytes: Int?

    private static let chunkBytes = 64 << 10

    init(dimension: Int) {
        rowBytes = dimension * MemoryLayout<Float>.stride
        codeBytes = CodedRows.codeBytes(dimension: dimension)
        rowsPerChunk = max(1, IndexGeometry.chunkBytes / rowBytes)
        codesPerChunk = max(1, IndexGeometry.chunkBytes / (codeBytes ?? rowBytes) / 8) * 8
    }
}
