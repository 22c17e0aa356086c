public import Kernels

/// The name of a row; chosen by the caller, unique in an index.
public struct VectorKey: RawRepresentable, Hashable, Sendable {
    /// Any 64 bits.
    public let rawValue: UInt64

    /// A key.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// Why rows or a query were refused.
///
/// Nothing was changed; retrying does not help.
public enum IndexError: Error, Equatable, Sendable {
    /// Rows or a query of another length.
    case dimension(expected: Int, found: Int)
    /// Not one key a row.
    case keyCount(rows: Int, keys: Int)
    /// A key that is there already, or twice.
    case duplicateKey(VectorKey)
    /// NaN or infinity in a row or a query.
    case notFinite(row: Int)
}

/// A row that matched, with its inner product; greater is nearer.
public struct VectorMatch: Sendable, Equatable {
    /// The row.
    public let key: VectorKey
    /// Its inner product with the query.
    public let score: Float
}

/// An exact index: every search scores every row.
///
/// Answers are ordered by score, equal scores by key, and their bits do not depend on the
/// instruction set.
public struct VectorIndex: Sendable {
    /// The length of each row.
    public var dimension: Int { rows.dimension }
    /// The number of rows.
    public var count: Int { keys.count }

    private var rows: FloatRows
    private var keys: [VectorKey] = []
    private var known: Set<VectorKey> = []

    /// An empty index.
    ///
    /// - Precondition: `dimension > 0`.
    public init(dimension: Int) {
        rows = FloatRows(dimension: dimension, count: 0)
    }

    /// Adds rows under their keys.
    ///
    /// - Throws: `IndexError`; then none of the rows was added.
    /// - Complexity: O(rows · dimension).
    public mutating func append(_ rows: FloatRows, keys: [VectorKey]) throws(IndexError) {
        guard rows.dimension == dimension else {
            throw .dimension(expected: dimension, found: rows.dimension)
        }
        guard rows.count == keys.count else {
            throw .keyCount(rows: rows.count, keys: keys.count)
        }
        if let index = rows.values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(row: index / dimension)
        }
        var new: Set<VectorKey> = []
        for key in keys {
            guard !known.contains(key), new.insert(key).inserted else { throw .duplicateKey(key) }
        }
        known.formUnion(new)
        self.rows.append(contentsOf: rows)
        self.keys += keys
    }

    /// The rows with the greatest inner products, best first.
    ///
    /// - Parameters:
    ///   - query: `dimension` finite values.
    ///   - limit: the most rows returned; fewer only where there are fewer.
    /// - Returns: keys with scores.
    /// - Throws: `.dimension`, `.notFinite`.
    /// - Complexity: O(count · dimension).
    public func search(
        _ query: some Collection<Float>, limit: Int
    ) throws(IndexError) -> [VectorMatch] {
        guard query.count == dimension else {
            throw .dimension(expected: dimension, found: query.count)
        }
        guard query.allSatisfy(\.isFinite) else { throw .notFinite(row: 0) }
        var best = TopK(limit: max(0, limit))
        for (key, score) in zip(keys, innerProducts(of: query, with: rows)) {
            best.insert(TopK.Entry(key: key.rawValue, score: score))
        }
        return best.sorted().map { entry in
            VectorMatch(key: VectorKey(rawValue: entry.key), score: entry.score)
        }
    }
}
