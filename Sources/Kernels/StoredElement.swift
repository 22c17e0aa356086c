extension StoredRows {
    /// How a value is stored, little-endian.
    public enum Element: Sendable {
        /// IEEE binary32.
        case float
        /// IEEE binary16.
        case half
        /// The upper half of an IEEE binary32.
        case upperHalf
        /// An unsigned byte, of which a number is to be taken away.
        case byte(minus: Int)
        /// A code on a scale.
        case scaled(ValueScale)

        /// The size of a row; nil where it is more than can be counted.
        func byteCount(ofRow dimension: Int) -> Int? {
            let size: Int
            switch self {
            case .float: size = 4
            case .half, .upperHalf: size = 2
            case .byte: size = 1
            case .scaled(let scale): return scale.byteCount(ofRow: dimension)
            }
            let (width, overflow) = dimension.multipliedReportingOverflow(by: size)
            return overflow ? nil : width
        }

        /// Whether rows of such a length can be stored so.
        func fits(_ dimension: Int) -> Bool {
            if case .scaled(let scale) = self { return scale.fits(dimension) }
            return true
        }

        /// Widens a row.
        func read(
            _ row: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>
        ) {
            switch self {
            case .float: UnsafeMutableRawBufferPointer(values).copyMemory(from: row)
            case .half: fill(values) { widened(row.word(at: $0)) }
            case .upperHalf:
                fill(values) { Float(bitPattern: UInt32(row.word(at: $0)) << 16) }
            case .byte(let offset): fill(values) { Float(Int(row[$0]) - offset) }
            case .scaled(let scale): scale.read(row, into: values)
            }
        }

        @inline(__always)
        private func fill(
            _ values: UnsafeMutableBufferPointer<Float>, _ value: (Int) -> Float
        ) {
            for column in 0..<values.count {
                values.initializeElement(at: column, to: value(column))
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    fileprivate func word(at place: Int) -> UInt16 {
        loadUnaligned(fromByteOffset: place * 2, as: UInt16.self)
    }
}

/// An f16 value as f32, exactly; what is no number becomes quiet, as it does on x86.
///
/// Without branches, so that a row is widened by whole registers.
@inline(__always)
private func widened(_ half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7FFF)
    // A whole number of 2^-24 where the half is zero or subnormal.
    let small = (Float(Int32(magnitude)) * 0x1p-24).bitPattern
    let normal = (magnitude << 13) + ((127 - 15) << 23)
    let large = 0x7F80_0000 | magnitude << 13 | (magnitude > 0x7C00 ? 0x0040_0000 : 0)
    let bits = magnitude < 0x0400 ? small : magnitude < 0x7C00 ? normal : large
    return Float(bitPattern: bits | UInt32(half & 0x8000) << 16)
}

extension FloatRows {
    /// The values as little-endian f16, each rounded to the nearest, of two equally near to the even
    /// one.
    public var halves: [UInt8] {
        values.map { Float16($0).bitPattern }.littleEndianBytes
    }
}
