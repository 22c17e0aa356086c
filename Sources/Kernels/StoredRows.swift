/// Rows of numbers inside a file, checked to lie within it and widened to f32 where they are read.
public struct StoredRows: Sendable {
    /// The length of each row, at least 1.
    public let dimension: Int
    /// The number of rows.
    public let count: Int

    private let bytes: StoredBytes
    private let places: Places
    private let widthInBytes: Int
    private let element: Element

    private enum Places {
        case equallySpaced(from: Int, stride: Int)
        case listed([Int])
    }

    /// Rows that lie one after the other at equal distances.
    ///
    /// Returns nil where they do not lie wholly within the bytes, `dimension < 1`, or the stride
    /// is shorter than a row, or the element's scale has another length.
    ///
    /// - Parameters:
    ///   - bytes: the file's.
    ///   - byteOffset: where the first row starts.
    ///   - dimension: the length of each row.
    ///   - count: how many rows there are.
    ///   - element: how a value is stored.
    ///   - strideInBytes: from the start of one row to that of the next; nil where they touch.
    public init?(
        _ bytes: StoredBytes, byteOffset: Int, dimension: Int, count: Int, element: Element,
        strideInBytes: Int? = nil
    ) {
        guard dimension > 0, element.fits(dimension),
            let width = element.byteCount(ofRow: dimension), count >= 0, byteOffset >= 0,
            byteOffset <= bytes.count
        else { return nil }
        let step = strideInBytes ?? width
        let (length, isLong) = max(0, count - 1).multipliedReportingOverflow(by: step)
        let room = bytes.count - byteOffset
        guard step >= width, !isLong, count == 0 || (width <= room && length <= room - width)
        else { return nil }
        self.bytes = bytes
        self.dimension = dimension
        self.count = count
        self.element = element
        places = .equallySpaced(from: byteOffset, stride: step)
        widthInBytes = width
    }

    /// Rows that lie anywhere.
    ///
    /// Returns nil where they do not lie wholly within the bytes, `dimension < 1`, or the element's
    /// scale has another length.
    ///
    /// - Parameters:
    ///   - bytes: the file's.
    ///   - places: where each row starts.
    ///   - dimension: the length of each row.
    ///   - element: how a value is stored.
    /// - Complexity: O(rows).
    public init?(_ bytes: StoredBytes, places: [Int], dimension: Int, element: Element) {
        guard dimension > 0, element.fits(dimension),
            let width = element.byteCount(ofRow: dimension),
            places.allSatisfy({ $0 >= 0 && width <= bytes.count && $0 <= bytes.count - width })
        else { return nil }
        self.bytes = bytes
        self.dimension = dimension
        count = places.count
        self.element = element
        self.places = .listed(places)
        widthInBytes = width
    }

    /// Copies out the rows of `range`.
    ///
    /// - Precondition: the range lies within the rows.
    /// - Complexity: O(range.count · dimension).
    public func rows(_ range: Range<Int>) -> FloatRows {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the rows")
        let values = [Float](unsafeUninitializedCapacity: range.count * dimension) { out, filled in
            bytes.withRaw { raw in
                for row in range {
                    let start = start(of: row)
                    let place = (row - range.lowerBound) * dimension
                    element.read(
                        UnsafeRawBufferPointer(rebasing: raw[start..<start + widthInBytes]),
                        into: UnsafeMutableBufferPointer(rebasing: out[place..<place + dimension]))
                }
            }
            filled = range.count * dimension
        }
        return FloatRows(dimension: dimension, values: values)
    }

    /// All the rows, copied out.
    public func all() -> FloatRows { rows(0..<count) }

    /// The rows in blocks of at most `rowCount`, each copied out when it is asked for.
    ///
    /// - Precondition: `rowCount > 0`.
    public func blocks(of rowCount: Int) -> some Sequence<FloatRows> {
        stride(from: 0, to: count, by: rowCount).lazy.map { start in
            rows(start..<Swift.min(start + rowCount, count))
        }
    }

    private func start(of row: Int) -> Int {
        switch places {
        case .equallySpaced(let first, let stride): first + row * stride
        case .listed(let places): places[row]
        }
    }
}

extension FloatRows {
    /// The rows in blocks of at most `rowCount`, each copied out when it is asked for.
    ///
    /// - Precondition: `rowCount > 0`.
    public func blocks(of rowCount: Int) -> some Sequence<FloatRows> {
        stride(from: 0, to: count, by: rowCount).lazy.map { start in
            let end = Swift.min(start + rowCount, count)
            return FloatRows(
                dimension: dimension, values: Array(values[start * dimension..<end * dimension]))
        }
    }
}
