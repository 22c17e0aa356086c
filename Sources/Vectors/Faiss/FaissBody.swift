internal import Kernels

/// What stands behind the header of a FAISS index that holds vectors.
///
/// `FaissFile` tells the layouts.
struct FaissBody {
    let rows: StoredRows
    let storage: FaissStorage
    /// What the index itself calls its rows, rising; nil where it counts them.
    var ids: [Int64]?

    /// Reads what the header announces.
    ///
    /// - Throws: `VectorFileError`.
    init(_ header: FaissHeader, from reader: inout ByteReader) throws(VectorFileError) {
        switch header.code {
        case "IwFl":
            let lists = try FaissListReader(header, from: &reader)
            storage = .lists(lists.listCount)
            (rows, ids) = lists.rows(of: header.dimension, in: reader.bytes)
        case "IxSQ":
            let type: FaissScalarType
            (type, rows) = try reader.codedRows(header)
            storage = .codes(type)
        case "IHNf":
            try reader.skipGraph(count: header.count)
            let start = reader.offset
            let inner = try FaissHeader(from: &reader, at: .graphStorage)
            try header.requireSameShape(as: inner, at: start)
            rows = try reader.flatRows(inner)
            storage = .graph
        default:
            rows = try reader.flatRows(header)
            storage = .flat
        }
    }
}

extension ByteReader {
    /// Steps over the vectors of a flat index.
    ///
    /// - Throws: `VectorFileError`.
    mutating func flatRows(_ header: FaissHeader) throws(VectorFileError) -> StoredRows {
        let (valueCount, overflow) = UInt64(header.dimension).multipliedReportingOverflow(
            by: UInt64(header.count))
        guard !overflow else {
            throw .truncated(
                offset: offset, expected: "\(header.count) × \(header.dimension) vectors")
        }
        try requireCount(valueCount, of: "floats")
        let start = try skip(count: valueCount, of: 4, "the vectors")
        guard
            let rows = StoredRows(
                bytes, byteOffset: start, dimension: header.dimension, count: header.count,
                element: .float)
        else { preconditionFailure("the reader stepped over the vectors") }
        return rows
    }

    /// Reads a number of items that is known already.
    ///
    /// - Throws: `VectorFileError`.
    mutating func requireCount(
        _ expected: UInt64, of name: String
    ) throws(VectorFileError) {
        try require(expected, "the number of \(name)")
    }

    /// Reads a number that is known already.
    ///
    /// - Throws: `VectorFileError`.
    mutating func require<Value: FixedWidthInteger & BitwiseCopyable>(
        _ expected: Value, _ name: String
    ) throws(VectorFileError) {
        let start = offset
        let found: Value = try integer(name)
        guard found == expected else {
            throw .unexpected(offset: start, expected: "\(name), \(expected)", found: "\(found)")
        }
    }

    /// Steps over items behind their number, a u64, and tells where they start and how many they are.
    ///
    /// - Throws: `.truncated`.
    mutating func items(
        of size: Int, _ name: String
    ) throws(VectorFileError) -> (start: Int, count: Int) {
        let count: UInt64 = try integer("the number of \(name)")
        let start = try skip(count: count, of: size, name)
        return (start, Int(count))
    }
}
