internal import Kernels

extension ByteReader {
    /// Reads a scalar quantizer and steps over its codes.
    ///
    /// - Throws: `VectorFileError`.
    mutating func codedRows(
        _ header: FaissHeader
    ) throws(VectorFileError) -> (FaissScalarType, StoredRows) {
        let start = offset
        let number: Int32 = try integer("the quantizer's type")
        guard let type = FaissScalarType(rawValue: number) else {
            throw .unsupported(
                offset: start, found: "a scalar quantizer of type \(number)",
                supported: "types "
                    + FaissScalarType.allCases.map { "\($0.rawValue) (\($0.name))" }
                    .joined(separator: ", "))
        }
        try skip(count: 2, of: 4, "how the scale was found")
        try require(UInt64(header.dimension), "the length of a vector")
        let codeSize = (header.dimension * type.bits + 7) / 8
        try require(UInt64(codeSize), "the size of a code")
        let trained = try scale(type, header)
        let (byteCount, overflow) = UInt64(codeSize).multipliedReportingOverflow(
            by: UInt64(header.count))
        guard !overflow else {
            throw .truncated(offset: offset, expected: "\(header.count) × \(codeSize) bytes")
        }
        try requireCount(byteCount, of: "bytes of codes")
        let codes = try skip(count: byteCount, of: 1, "the codes")
        guard
            let rows = StoredRows(
                bytes, byteOffset: codes, dimension: header.dimension, count: header.count,
                element: type.element(trained: trained))
        else { preconditionFailure("the reader stepped over the codes") }
        return (type, rows)
    }

    private mutating func scale(
        _ type: FaissScalarType, _ header: FaissHeader
    ) throws(VectorFileError) -> [Float] {
        let expected = 2 * type.scaleCount(dimension: header.dimension)
        let start = offset
        let (place, count) = try items(of: 4, "the scale's values")
        // An index that was not trained yet has none.
        if count == 0, header.count == 0, expected > 0 { return [0, 0] }
        guard count == expected else {
            throw .unexpected(
                offset: start, expected: "the number of the scale's values, \(expected)",
                found: "\(count)")
        }
        return bytes.integers(at: place, count: count, as: UInt32.self).map(Float.init(bitPattern:))
    }
}
