public import Kernels

/// An array in a `.npy` file, checked to its last byte; values are read when they are asked for.
///
/// `NumpyFile` tells the layout.
public struct NumpyArray: Sendable {
    /// The types of numbers that are read.
    public enum NumberType: String, Sendable, CaseIterable {
        /// IEEE binary32.
        case float = "<f4"
        /// IEEE binary16.
        case half = "<f2"
        /// Signed, 64 bits.
        case int64 = "<i8"

        var byteCount: Int {
            switch self {
            case .float: 4
            case .half: 2
            case .int64: 8
            }
        }
    }

    /// The type of its numbers.
    public let numberType: NumberType
    /// One or two lengths.
    public let shape: [Int]

    private static let headerLimit = 1 << 16

    private let bytes: StoredBytes
    private let byteOffset: Int
    private let valueCount: Int

    /// Maps and checks the file at `path`.
    ///
    /// - Throws: `VectorFileError`. Values that are not finite are not an error here.
    /// - Complexity: O(1).
    public init(path: String) throws(VectorFileError) {
        try self.init(StoredBytes.file(at: path))
    }

    /// Checks a file's bytes.
    ///
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(1).
    public init(_ bytes: StoredBytes) throws(VectorFileError) {
        var reader = ByteReader(bytes)
        let length = try Self.headerLength(from: &reader)
        let start = reader.offset
        let header = try NumpyHeader(reader.bytes(length, "the header"), at: start)
        guard let type = NumberType(rawValue: header.type.text) else {
            throw .unsupported(
                offset: header.type.offset, found: "an array of type '\(header.type.text)'",
                supported: "'<f4', '<f2' and '<i8', which are little-endian")
        }
        var count = UInt64(1)
        for length in header.shape.lengths {
            let product = count.multipliedReportingOverflow(by: UInt64(length))
            guard !product.overflow else {
                throw .unexpected(
                    offset: header.shape.offset, expected: "the shape of an array that fits a file",
                    found: "\(header.shape.lengths)")
            }
            count = product.partialValue
        }
        byteOffset = try reader.skip(count: count, of: type.byteCount, "the values")
        try reader.requireEnd()
        self.bytes = bytes
        numberType = type
        shape = header.shape.lengths
        valueCount = Int(count)
    }

    /// The array as rows, a single one where it has one length; halves are widened.
    ///
    /// - Throws: `.unsupported` where its numbers are integers, or a row has no value or more than
    ///   `VectorFile.dimensionLimit`.
    public func rows() throws(VectorFileError) -> StoredRows {
        let element: StoredRows.Element
        switch numberType {
        case .float: element = .float
        case .half: element = .half
        case .int64:
            throw .unsupported(
                offset: byteOffset, found: "an array of integers",
                supported: "vectors of f32 or f16")
        }
        let dimension = shape[shape.count - 1]
        let count = shape.count == 1 ? 1 : shape[0]
        guard (1...VectorFile.dimensionLimit).contains(dimension),
            let rows = StoredRows(
                bytes, byteOffset: byteOffset, dimension: dimension, count: count, element: element)
        else {
            throw .unsupported(
                offset: byteOffset, found: "an array of shape \(shape)",
                supported: "vectors of 1 to \(VectorFile.dimensionLimit) values")
        }
        return rows
    }

    /// All values of an array of integers, row after row.
    ///
    /// - Throws: `.unsupported` where its numbers are not integers.
    /// - Complexity: O(values).
    public func integers() throws(VectorFileError) -> [Int64] {
        guard numberType == .int64 else {
            throw .unsupported(
                offset: byteOffset, found: "an array of type '\(numberType.rawValue)'",
                supported: "ids of type '<i8'")
        }
        return bytes.integers(at: byteOffset, count: valueCount)
    }

    /// Reads what stands before the header.
    private static func headerLength(
        from reader: inout ByteReader
    ) throws(VectorFileError) -> Int {
        let magic = try reader.bytes(6, "\\x93NUMPY")
        guard magic == [0x93] + Array("NUMPY".utf8) else {
            throw .unexpected(offset: 0, expected: "\\x93NUMPY", found: "\(magic)")
        }
        let major: UInt8 = try reader.integer("the format's version")
        let minor: UInt8 = try reader.integer("the format's minor version")
        guard (1...3).contains(major), minor == 0 else {
            throw .unsupported(
                offset: 6, found: "version \(major).\(minor) of the format",
                supported: "versions 1.0, 2.0 and 3.0")
        }
        let start = reader.offset
        let name = "the header's length"
        let length =
            major == 1
            ? Int(try reader.integer(name, as: UInt16.self))
            : Int(try reader.integer(name, as: UInt32.self))
        guard length <= headerLimit else {
            throw .unexpected(
                offset: start, expected: "the header's length, at most \(headerLimit)",
                found: "\(length)")
        }
        return length
    }
}
