internal import CKernels

/// Rows in numbered slots, in f32 and, once asked for, as 4-bit codes that say which of them a search
/// need not look at.
///
/// Three planes of fixed stride: f32 rows, codes, and 16-byte headers. A copy shares all of them; a
/// write copies one slab a plane, no more. The codes never change an answer.
public struct CodedRows: Sendable {
    /// How a row is scored; greater is nearer.
    public enum Scoring: Sendable, Equatable {
        /// The inner product with the query.
        case innerProduct
        /// The squared Euclidean distance from the query, negated.
        case negatedSquaredDistance
    }

    /// The length of each row.
    public let dimension: Int
    /// How rows are scored.
    public let scoring: Scoring
    /// The number of slots; some may be out of use.
    public internal(set) var count = 0

    var rows: RowPlane
    var codes: CodePlanes?

    /// No rows.
    ///
    /// - Precondition: `dimension > 0`.
    public init(dimension: Int, scoring: Scoring) {
        precondition(dimension > 0, "no dimension")
        self.dimension = dimension
        self.scoring = scoring
        rows = RowPlane(rowBytes: dimension * MemoryLayout<Float>.stride, rowsPerSlab: 512)
    }

    /// Whether there are codes.
    public var isCoded: Bool { codes != nil }

    /// The memory of all planes, in bytes.
    public var byteCount: Int { rows.byteCount + (codes?.byteCount ?? 0) }

    /// Makes room for slots, or gives up those at the end.
    ///
    /// - Precondition: new slots are written before they are searched.
    public mutating func resize(to count: Int) {
        self.count = count
        rows.resize(to: count)
        codes?.resize(to: count)
    }

    /// Writes a row into a slot.
    ///
    /// - Precondition: `row.count == dimension`, all finite; `0 <= slot < count`.
    public mutating func write(_ row: ArraySlice<Float>, to slot: Int) {
        precondition(row.count == dimension && slot >= 0 && slot < count, "another shape")
        let target = rows.mutableRow(slot).assumingMemoryBound(to: Float.self)
        row.withUnsafeBufferPointer { row in
            guard let base = row.baseAddress else { return }
            target.update(from: base, count: row.count)
        }
        codes?.write(target, to: slot)
    }

    /// Moves a row from one slot to another.
    public mutating func move(from source: Int, to target: Int) {
        write(self[source][...], to: target)
    }

    /// A copy of the row in a slot.
    ///
    /// - Precondition: `0 <= slot < count`, and the slot was written.
    public subscript(slot: Int) -> [Float] {
        precondition(slot >= 0 && slot < count, "outside the slots")
        return withExtendedLifetime(rows) {
            Array(UnsafeBufferPointer(start: pointer(slot), count: dimension))
        }
    }

    /// Codes every slot, around the mean of the rows at hand; later writes are coded as they come.
    ///
    /// Does nothing where there are codes, or rows are too long for them.
    ///
    /// - Precondition: every slot was written.
    /// - Complexity: O(count · dimension · log dimension).
    public mutating func code(seed: UInt64) {
        let padded = (dimension + 63) / 64 * 64
        guard codes == nil, padded <= Int(CK_CODE_MAXIMUM_DIMENSION) else { return }
        var planes = CodePlanes(centre: mean(), padded: padded, seed: seed)
        planes.resize(to: count)
        withExtendedLifetime(rows) {
            for slot in 0..<count { planes.write(pointer(slot), to: slot) }
        }
        codes = planes
    }

    func pointer(_ slot: Int) -> UnsafePointer<Float> {
        rows.row(slot).assumingMemoryBound(to: Float.self)
    }

    private func mean() -> [Float] {
        var sums = [Double](repeating: 0, count: dimension)
        withExtendedLifetime(rows) {
            for slot in 0..<count {
                let row = pointer(slot)
                for column in 0..<dimension { sums[column] += Double(row[column]) }
            }
        }
        let mean = sums.map { Float($0 / Double(max(1, count))) }
        let square = mean.reduce(0.0) { $0 + Double($1) * Double($1) }
        // A mean out of range would put every row out of range.
        return square <= 0x1p80 ? mean : [Float](repeating: 0, count: dimension)
    }
}
