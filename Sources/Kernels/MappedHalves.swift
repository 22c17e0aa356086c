internal import CKernels

/// A run of little-endian f16 values (IEEE binary16) inside a mapped file, read in place.
public struct MappedHalves: Sendable {
    /// The number of values.
    public let count: Int

    private let file: MappedFile
    private let byteOffset: Int

    /// The `count` values that start `byteOffset` bytes into `file`.
    ///
    /// Returns nil where they do not lie wholly within the file, or `byteOffset` is odd.
    public init?(file: MappedFile, byteOffset: Int, count: Int) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<UInt16>.size)
        guard !overflow, count >= 0, byteOffset >= 0, byteOffset % 2 == 0,
            byteOffset <= file.byteCount, bytes <= file.byteCount - byteOffset
        else { return nil }
        self.file = file
        self.byteOffset = byteOffset
        self.count = count
    }

    func withUnsafePointer<Result>(_ body: (UnsafePointer<UInt16>?) -> Result) -> Result {
        withExtendedLifetime(file) {
            body(
                file.raw.baseAddress.map { ($0 + byteOffset).assumingMemoryBound(to: UInt16.self) })
        }
    }
}

extension FloatRows {
    /// Adds the sum of some rows of an f16 table to one row.
    ///
    /// - Parameters:
    ///   - table: rows of `dimension` values.
    ///   - indices: rows of the table, each as often as it counts.
    ///   - row: the row added to.
    ///   - set: an instruction set to force, for tests; nil takes the one in use. The bits do not
    ///     depend on it.
    /// - Precondition: the table has whole rows, every index lies within it, `0 <= row < count`.
    /// - Complexity: O(indices · dimension) additions in f32. They are made in runs of 256 indices,
    ///   so that the error grows with `256 + indices / 256` rather than with the indices.
    public mutating func addSum(
        of table: MappedHalves, at indices: [Int32], to row: Int, using set: InstructionSet? = nil
    ) {
        let (width, tableCount) = (dimension, table.count / dimension)
        precondition(
            table.count % width == 0 && row >= 0 && row < count, "a table or row of another shape")
        precondition(
            indices.allSatisfy { $0 >= 0 && $0 < tableCount }, "an index outside the table")
        let isa = kernels(of: set).isa
        var sums = [Float](repeating: 0, count: width)
        for start in stride(from: 0, to: indices.count, by: 256) {
            let length = min(256, indices.count - start)
            indices.withUnsafeBufferPointer { indices in
                table.withUnsafePointer { table in
                    guard let first = indices.baseAddress else { return }
                    ck_sum_rows_f16(isa, table, first + start, length, width, &sums)
                }
            }
            for column in 0..<width { values[row * width + column] += sums[column] }
        }
    }
}
