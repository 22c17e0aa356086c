/// A block of f32 vectors: `count × dimension` values, row-major and contiguous.
///
/// The one value that embedders produce and indexes consume.
public struct FloatRows: Sendable, Equatable {
    /// The length of each row, at least 1.
    public let dimension: Int

    /// All values, row after row; its count is a multiple of `dimension`.
    public internal(set) var values: [Float]

    /// Rows made of values that lie one after the other.
    ///
    /// - Precondition: `dimension > 0` and `values.count` is a multiple of it.
    public init(dimension: Int, values: [Float]) {
        precondition(dimension > 0 && values.count % dimension == 0, "ragged rows")
        self.dimension = dimension
        self.values = values
    }

    /// `count` rows of zeros.
    public init(dimension: Int, count: Int) {
        self.init(dimension: dimension, values: [Float](repeating: 0, count: dimension * count))
    }

    /// The number of rows.
    public var count: Int { values.count / dimension }

    /// One row.
    ///
    /// - Precondition: `0 <= row < count`.
    public subscript(row: Int) -> ArraySlice<Float> {
        values[row * dimension..<(row + 1) * dimension]
    }

    /// Makes room for `count` rows of unspecified values, without allocating where there was room
    /// for as many before.
    public mutating func reuse(count: Int) {
        let needed = count * dimension
        if values.count > needed {
            values.removeLast(values.count - needed)
        } else {
            values.append(contentsOf: repeatElement(0, count: needed - values.count))
        }
    }

    /// Adds the rows of another block below these.
    ///
    /// - Precondition: both have the same dimension.
    public mutating func append(contentsOf rows: FloatRows) {
        precondition(rows.dimension == dimension, "rows of another dimension")
        values.append(contentsOf: rows.values)
    }

    /// Adds one row at the end.
    ///
    /// - Precondition: `row.count == dimension`.
    public mutating func append(_ row: some Collection<Float>) {
        precondition(row.count == dimension, "a row of another dimension")
        values.append(contentsOf: row)
    }
}
