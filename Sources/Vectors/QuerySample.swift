public import Kernels

/// The latest queries of an index, for learning how deep its searches must go.
public struct QuerySample: Sendable {
    /// The most queries kept.
    public let capacity: Int
    /// The queries, in no order.
    public private(set) var queries: FloatRows
    private var next = 0

    /// No queries yet.
    ///
    /// - Precondition: `capacity > 0`.
    public init(dimension: Int, capacity: Int = 256) {
        precondition(capacity > 0, "no room")
        self.capacity = capacity
        queries = FloatRows(dimension: dimension, values: [])
    }

    /// Keeps a query, in place of the oldest where there is no room.
    ///
    /// - Precondition: it has the sample's dimension.
    public mutating func record(_ query: some Collection<Float>) {
        if queries.count < capacity {
            queries.append(query)
            return
        }
        queries.replaceRow(next, with: query)
        next = (next + 1) % capacity
    }
}
