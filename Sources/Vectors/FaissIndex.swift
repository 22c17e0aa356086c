public import Kernels

/// A FAISS index in a file, checked to its last byte; rows and ids are read when they are asked for.
///
/// `FaissFile` tells the layout.
public struct FaissIndex: Sendable {
    /// Its kind and shape.
    public let layout: FaissLayout
    /// The vectors.
    public let rows: StoredRows

    private let bytes: StoredBytes
    /// Where the ids start; nil where rows are named by their number.
    private let idsOffset: Int?

    /// Maps and checks the file at `path`.
    ///
    /// - Throws: `VectorFileError`. Ids that repeat and vectors that are not finite are not an
    ///   error here.
    /// - Complexity: O(1).
    public init(path: String) throws(VectorFileError) {
        try self.init(StoredBytes.file(at: path))
    }

    /// Checks an index.
    ///
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(1).
    public init(_ bytes: StoredBytes) throws(VectorFileError) {
        var reader = ByteReader(bytes)
        var header = try FaissHeader(from: &reader, isNested: false)
        let identifiers = FaissIdentifiers(rawValue: header.code) ?? .rowNumbers
        if identifiers != .rowNumbers {
            let start = reader.offset
            let inner = try FaissHeader(from: &reader, isNested: true)
            try header.requireSameShape(as: inner, at: start)
            header = inner
        }
        layout = FaissLayout(
            identifiers: identifiers, metric: header.metric, dimension: header.dimension,
            count: header.count)

        let valueCount = UInt64(header.dimension).multipliedReportingOverflow(
            by: UInt64(header.count))
        guard !valueCount.overflow else {
            throw .truncated(
                offset: reader.offset, expected: "\(header.count) × \(header.dimension) vectors")
        }
        try Self.requireCount(valueCount.partialValue, "floats", &reader)
        let offset = try reader.skip(count: valueCount.partialValue, of: 4, "the vectors")
        if identifiers == .rowNumbers {
            idsOffset = nil
        } else {
            try Self.requireCount(UInt64(header.count), "ids", &reader)
            idsOffset = try reader.skip(count: UInt64(header.count), of: 8, "the ids")
        }
        try reader.requireEnd()
        guard
            let rows = StoredRows(
                bytes, byteOffset: offset, dimension: header.dimension, count: header.count,
                element: .float)
        else { preconditionFailure("the reader stepped over the vectors") }
        self.rows = rows
        self.bytes = bytes
    }

    /// The ids of a range of rows; their numbers where the index has no ids of its own.
    ///
    /// - Precondition: the range lies within the rows.
    /// - Complexity: O(range.count).
    public func ids(_ range: Range<Int>) -> [Int64] {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "outside the rows")
        guard let idsOffset else { return range.map(Int64.init) }
        return bytes.integers(at: idsOffset + range.lowerBound * 8, count: range.count)
    }

    /// All the ids.
    public var allIDs: [Int64] { ids(0..<rows.count) }

    private static func requireCount(
        _ expected: UInt64, _ name: String, _ reader: inout ByteReader
    ) throws(VectorFileError) {
        let offset = reader.offset
        let found: UInt64 = try reader.integer("the number of \(name)")
        guard found == expected else {
            throw .unexpected(
                offset: offset, expected: "the number of \(name), \(expected)", found: "\(found)")
        }
    }
}
