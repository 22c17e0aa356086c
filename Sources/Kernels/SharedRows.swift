/// A block of f32 rows that two threads write in turns, each its own rows.
///
/// Nothing here keeps a thread from reading what another is writing: whoever shares the rows agrees
/// on who may touch which, and hands them over at a `Meeting`.
public final class SharedRows: Sendable {
    /// The length of each row.
    public let dimension: Int
    /// How many rows there is room for.
    public let capacity: Int

    // An integer for the same reason as in MappedFile; the order of writing and reading is the
    // sharers' promise.
    private let address: UInt

    /// Rows of zeros.
    ///
    /// - Precondition: `dimension` and `capacity` are at least 1.
    public init(dimension: Int, capacity: Int) {
        precondition(dimension > 0 && capacity > 0, "no rows")
        self.dimension = dimension
        self.capacity = capacity
        let values = UnsafeMutablePointer<Float>.allocate(capacity: dimension * capacity)
        values.initialize(repeating: 0, count: dimension * capacity)
        address = UInt(bitPattern: values)
    }

    deinit { base.deallocate() }

    /// Copies `rows` to those from `first` on.
    ///
    /// - Precondition: there is room, the rows are as wide, and no thread reads these meanwhile.
    public func write(_ rows: FloatRows, from first: Int) {
        precondition(rows.dimension == dimension, "rows of another width")
        withRows(first..<first + rows.count) { target in
            rows.values.withUnsafeBufferPointer {
                if let source = $0.baseAddress { target.update(from: source, count: $0.count) }
            }
        }
    }

    /// A copy of some rows.
    ///
    /// - Precondition: there are such rows, and no thread writes them meanwhile.
    public func rows(_ range: Range<Int>) -> FloatRows {
        withRows(range) {
            FloatRows(
                dimension: dimension,
                values: Array(UnsafeBufferPointer(start: $0, count: range.count * dimension)))
        }
    }

    func withRows<Result>(
        _ range: Range<Int>, _ body: (UnsafeMutablePointer<Float>) -> Result
    ) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= capacity, "no such row")
        return withExtendedLifetime(self) { body(base + range.lowerBound * dimension) }
    }

    private var base: UnsafeMutablePointer<Float> {
        guard let base = UnsafeMutablePointer<Float>(bitPattern: address) else {
            preconditionFailure("memory has an address")
        }
        return base
    }
}
