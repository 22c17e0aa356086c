public import Kernels

/// A FAISS index in a file, checked to its last byte; rows and ids are read when they are asked for.
///
/// `FaissFile` tells the layout.
public struct FaissIndex: Sendable {
    /// Its kind and shape.
    public let layout: FaissLayout
    /// The vectors; those of an `IndexIVFFlat` by their ids.
    public let rows: StoredRows

    /// Whether rows are named by their numbers, from 0.
    public var isNumbered: Bool {
        if case .numbers = names { return true }
        return false
    }

    private let bytes: StoredBytes
    private let names: Names

    private enum Names {
        case numbers
        /// Those of a map, which start here: the first is that of the index's id 0.
        case mapped(Int)
        /// Those of the index itself, rising.
        case own([Int64])
        /// Both: the index's ids are places in the map.
        case ownMapped([Int64], Int)
    }

    /// Maps and checks the file at `path`.
    ///
    /// - Throws: `VectorFileError`. Ids that repeat and vectors that are not finite are not an
    ///   error here.
    /// - Complexity: as that of the file's bytes.
    public init(path: String) throws(VectorFileError) {
        try self.init(StoredBytes.file(at: path))
    }

    /// Checks an index.
    ///
    /// - Throws: `VectorFileError`.
    /// - Complexity: O(1), for an `IndexIVFFlat` O(rows · log rows), for a graph O(edges).
    public init(_ bytes: StoredBytes) throws(VectorFileError) {
        var reader = ByteReader(bytes)
        var header = try FaissHeader(from: &reader, at: .top)
        let identifiers = FaissIdentifiers(rawValue: header.code) ?? .rowNumbers
        let start = reader.offset
        if identifiers != .rowNumbers {
            let inner = try FaissHeader(from: &reader, at: .belowMap)
            try header.requireSameShape(as: inner, at: start)
            header = inner
        }
        let body = try FaissBody(header, from: &reader)
        if identifiers != .rowNumbers {
            try reader.requireCount(UInt64(header.count), of: "ids")
            let place = try reader.skip(count: UInt64(header.count), of: 8, "the ids")
            if let own = body.ids {
                let range = 0..<Int64(header.count)
                if let odd = own.first(where: { !range.contains($0) }) {
                    throw .unexpected(
                        offset: start,
                        expected: "lists with ids below \(header.count), under a map",
                        found: "\(odd)")
                }
                names = .ownMapped(own, place)
            } else {
                names = .mapped(place)
            }
        } else if let own = body.ids, !own.indices.allSatisfy({ own[$0] == Int64($0) }) {
            names = .own(own)
        } else {
            names = .numbers
        }
        try reader.requireEnd()
        rows = body.rows
        layout = FaissLayout(
            identifiers: identifiers, metric: header.metric, dimension: header.dimension,
            count: rows.count, storage: body.storage)
        self.bytes = bytes
    }

    /// The ids of a range of rows; their numbers where the index has no ids of its own.
    ///
    /// - Precondition: the range lies within the rows.
    /// - Complexity: O(range.count).
    public func ids(_ range: Range<Int>) -> [Int64] {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows.count, "outside the rows")
        switch names {
        case .numbers: return range.map(Int64.init)
        case .mapped(let start):
            return bytes.integers(at: start + range.lowerBound * 8, count: range.count)
        case .own(let ids): return Array(ids[range])
        case .ownMapped(let ids, let start):
            return ids[range].map { bytes.integer(at: start + Int($0) * 8) }
        }
    }

    /// All the ids.
    public var allIDs: [Int64] { ids(0..<rows.count) }
}
