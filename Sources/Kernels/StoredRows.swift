/// Rows of numbers inside a file, checked to lie within it and widened to f32 where they are read.
public struct StoredRows: Sendable {
    /// How a value is stored, little-endian.
    public enum Element: Sendable {
        /// IEEE binary32.
        case float
        /// IEEE binary16.
        case half

        /// Its size.
        public var byteCount: Int { self == .float ? 4 : 2 }
    }

    /// The length of each row, at least 1.
    public let dimension: Int
    /// The number of rows.
    public let count: Int

    private let bytes: StoredBytes
    private let byteOffset: Int
    private let strideInBytes: Int
    private let element: Element

    /// Rows that lie one after the other at equal distances.
    ///
    /// Returns nil where they do not lie wholly within the bytes, `dimension < 1`, or the stride
    /// is shorter than a row.
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
        let (width, isWide) = dimension.multipliedReportingOverflow(by: element.byteCount)
        guard dimension > 0, count >= 0, !isWide, byteOffset >= 0, byteOffset <= bytes.count
        else { return nil }
        let step = strideInBytes ?? width
        let (length, isLong) = max(0, count - 1).multipliedReportingOverflow(by: step)
        let room = bytes.count - byteOffset
        guard step >= width, !isLong, count == 0 || (width <= room && length <= room - width)
        else { return nil }
        self.bytes = bytes
        self.byteOffset = byteOffset
        self.dimension = dimension
        self.count = count
        self.element = element
        self.strideInBytes = step
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
                    let start = byteOffset + row * strideInBytes
                    let place = (row - range.lowerBound) * dimension
                    let end = start + dimension * element.byteCount
                    read(
                        UnsafeRawBufferPointer(rebasing: raw[start..<end]),
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

    private func read(
        _ row: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>
    ) {
        switch element {
        case .float: UnsafeMutableRawBufferPointer(values).copyMemory(from: row)
        case .half:
            for column in 0..<dimension {
                values.initializeElement(
                    at: column,
                    to: widened(row.loadUnaligned(fromByteOffset: column * 2, as: UInt16.self)))
            }
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

/// An f16 value as f32, exactly; what is no number becomes quiet, as it does on x86.
///
/// Without branches, so that a row is widened by whole registers.
private func widened(_ half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7FFF)
    // A whole number of 2^-24 where the half is zero or subnormal.
    let small = (Float(Int32(magnitude)) * 0x1p-24).bitPattern
    let normal = (magnitude << 13) + ((127 - 15) << 23)
    let large = 0x7F80_0000 | magnitude << 13 | (magnitude > 0x7C00 ? 0x0040_0000 : 0)
    let bits = magnitude < 0x0400 ? small : magnitude < 0x7C00 ? normal : large
    return Float(bitPattern: bits | UInt32(half & 0x8000) << 16)
}
