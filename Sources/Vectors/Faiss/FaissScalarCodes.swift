public import Kernels

/// What makes the codes of an `IndexScalarQuantizer` from rows.
public struct FaissScalarCodes: Sendable {
    /// The type, `.eightBits` or `.half`.
    public let type: FaissScalarType

    private let dimension: Int
    /// Nil for halves.
    private let scale: ValueScale?

    /// Halves that round to infinity begin here.
    private static let halfLimit: Float = 65520

    /// Looks at all rows once.
    ///
    /// Returns nil where a value is not finite, or codes cannot hold what the rows hold: a half beyond
    /// 65504, or a column whose values are further apart than f32 goes.
    ///
    /// - Parameters:
    ///   - type: how a value is stored.
    ///   - rows: those that will be written.
    ///   - dimension: their length.
    /// - Precondition: the type is `.eightBits` or `.half`.
    public init?(_ type: FaissScalarType, of rows: some Sequence<FloatRows>, dimension: Int) {
        precondition(type == .eightBits || type == .half, "a type that is not written")
        self.type = type
        self.dimension = dimension
        var least = [Float](repeating: .infinity, count: dimension)
        var greatest = [Float](repeating: -.infinity, count: dimension)
        for block in rows {
            precondition(block.dimension == dimension, "rows of another dimension")
            for (index, value) in block.values.enumerated() {
                guard value.isFinite else { return nil }
                if type == .half, value.magnitude >= Self.halfLimit { return nil }
                let column = index % dimension
                least[column] = min(least[column], value)
                greatest[column] = max(greatest[column], value)
            }
        }
        guard type == .eightBits else {
            scale = nil
            return
        }
        // Without rows there is neither least nor greatest.
        if least[0] > greatest[0] {
            (least, greatest) = ([Float](repeating: 0, count: dimension), least.map { _ in 0 })
        }
        let spread = zip(greatest, least).map(-)
        guard spread.allSatisfy(\.isFinite) else { return nil }
        scale = ValueScale(bits: 8, least: least, spread: spread)
    }

    /// The bytes of a row's code.
    var byteCountOfRow: Int { dimension * type.bits / 8 }

    /// What stands between an index's header and its codes.
    var head: [UInt8] {
        let trained = (scale?.least ?? []) + (scale?.spread ?? [])
        // How the scale was found: from the least and the greatest value (0), to nothing beyond (0).
        return FaissFile.littleEndian(type.rawValue) + [UInt8](repeating: 0, count: 8)
            + FaissFile.littleEndian(UInt64(dimension))
            + FaissFile.littleEndian(UInt64(byteCountOfRow))
            + FaissFile.littleEndian(UInt64(trained.count))
            + trained.map(\.bitPattern).littleEndianBytes
    }

    /// The codes of some rows.
    func bytes(of rows: FloatRows) -> [UInt8] {
        scale?.bytes(of: rows) ?? rows.halves
    }
}
