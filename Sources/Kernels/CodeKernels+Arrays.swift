internal import CKernels

extension CodeKernels {
    /// A row's codes and what is kept beside them; see CodeKernels.h.
    public struct CodedRow: Sendable, Equatable {
        /// Two codes a byte.
        public let codes: [UInt8]
        /// The factor of the codes.
        public let scale: Float
        /// No less than the length of what the codes leave over.
        public let residual: Float
        /// No less than the length of what the codes say.
        public let norm: Float
        /// No more than the row's squared length.
        public let square: Float
    }

    /// The codes of one rotated row.
    ///
    /// - Precondition: the number of values is a positive multiple of 64.
    public func encode(_ values: [Float]) -> CodedRow {
        precondition(!values.isEmpty && values.count % 64 == 0, "not a multiple of 64")
        var codes = [UInt8](repeating: 0, count: values.count / 2)
        var header = ck_code_header()
        table.encode_u4(values, values.count, &codes, &header)
        return CodedRow(
            codes: codes, scale: header.scale, residual: header.residual, norm: header.norm,
            square: header.square)
    }

    /// The sums of products of a query's whole numbers with each row's codes, exactly.
    ///
    /// - Parameters:
    ///   - low: the multipliers of the low halves of a row's bytes, from -127 to 127.
    ///   - high: those of the high halves.
    ///   - codes: rows of `low.count` bytes.
    /// - Returns: one sum a row.
    /// - Precondition: `low.count` is a positive multiple of 32, the same as `high.count`, and
    ///   divides `codes.count`.
    public func dots(low: [Int8], high: [Int8], codes: [UInt8]) -> [Int32] {
        let stride = low.count
        precondition(stride > 0 && stride % 32 == 0 && high.count == stride, "another shape")
        precondition(codes.count % stride == 0, "ragged rows")
        var dots = [Int32](repeating: 0, count: codes.count / stride)
        table.dots_u4(low, high, stride, codes, dots.count, &dots)
        return dots
    }

    /// The sums of products of a query with each row of 8-bit codes, less 128, exactly.
    ///
    /// - Precondition: the query's values are from -63 to 63, at most 65,536 of them, and their
    ///   number divides `rows.count`.
    public func dots(_ query: [Int8], rows: [UInt8]) -> [Int32] {
        precondition((1...65_536).contains(query.count), "another shape")
        precondition(query.allSatisfy { $0.magnitude <= 63 }, "products that may saturate")
        precondition(rows.count % query.count == 0, "ragged rows")
        var dots = [Int32](repeating: 0, count: rows.count / query.count)
        table.dots_i8(query, rows, query.count, dots.count, &dots)
        return dots
    }
}
