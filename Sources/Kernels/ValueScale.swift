/// A scale of equal steps on which values are kept in a few bits: one for each column, or one for all.
///
/// A code c of b bits stands for `least + (c + ½) / (2ᵇ − 1) · spread`, each operation rounded to f32;
/// in rows of a multiple of eight values, product and sum are rounded once. So FAISS's scalar
/// quantizers have it on AVX2 and later, to the last bit. The codes of a row lie one after the other,
/// each from its lowest bit on, in bytes that are filled from their lowest bit on.
public struct ValueScale: Sendable, Equatable {
    /// The bits of a code, 1 to 8.
    public let bits: Int
    /// The least value, of each column or of all.
    public let least: [Float]
    /// The distance from the least value to the greatest, of each column or of all.
    public let spread: [Float]

    /// What a code stands for where the least value is 0 and the spread 1.
    private let levels: [Float]

    /// A scale.
    ///
    /// - Precondition: `1 <= bits <= 8`, and both lists are equally long and not empty.
    public init(bits: Int, least: [Float], spread: [Float]) {
        precondition((1...8).contains(bits) && least.count == spread.count, "no scale")
        precondition(!least.isEmpty, "no scale")
        self.bits = bits
        self.least = least
        self.spread = spread
        let last = 1 << bits - 1
        levels = (0...last).map { (Float($0) + 0.5) / Float(last) }
    }

    /// The bytes that the codes of a row take; nil where they are more than can be counted.
    public func byteCount(ofRow dimension: Int) -> Int? {
        let (length, overflow) = dimension.multipliedReportingOverflow(by: bits)
        return overflow || length > .max - 7 ? nil : (length + 7) / 8
    }

    /// Whether it has a least value and a spread for every column of such rows.
    func fits(_ dimension: Int) -> Bool { least.count == 1 || least.count == dimension }

    /// The values of a row's codes.
    func read(
        _ row: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>
    ) {
        let isFused = values.count % 8 == 0
        for column in 0..<values.count {
            let place = least.count == 1 ? 0 : column
            let level = levels[code(column, in: row)]
            values.initializeElement(
                at: column,
                to: isFused
                    ? least[place].addingProduct(level, spread[place])
                    : least[place] + level * spread[place])
        }
    }

    /// The codes of 8 bits that stand nearest below the values of some rows.
    ///
    /// - Precondition: it has 8 bits and fits the rows, whose values are finite.
    /// - Complexity: O(values).
    public func bytes(of rows: FloatRows) -> [UInt8] {
        precondition(bits == 8 && fits(rows.dimension), "a scale of another shape")
        return rows.values.indices.map { index in
            let place = least.count == 1 ? 0 : index % rows.dimension
            guard spread[place] > 0 else { return 0 }
            let share = (rows.values[index] - least[place]) / spread[place]
            return UInt8(255 * min(max(share, 0), 1))
        }
    }

    private func code(_ column: Int, in row: UnsafeRawBufferPointer) -> Int {
        let (byte, shift) = (column * bits / 8, column * bits % 8)
        var word = UInt16(row[byte])
        if shift + bits > 8 { word |= UInt16(row[byte + 1]) << 8 }
        return Int(word >> UInt16(shift)) & (levels.count - 1)
    }
}
