internal import Kernels

/// The scalar quantizers of FAISS whose codes are read.
public enum FaissScalarType: Int32, Sendable, CaseIterable {
    /// 8 bits on a scale for each column.
    case eightBits = 0
    /// 4 bits on a scale for each column.
    case fourBits = 1
    /// 8 bits on one scale.
    case eightBitsUniform = 2
    /// 4 bits on one scale.
    case fourBitsUniform = 3
    /// IEEE binary16.
    case half = 4
    /// A whole number, 0 to 255.
    case byte = 5
    /// 6 bits on a scale for each column.
    case sixBits = 6
    /// The upper half of an IEEE binary32.
    case upperHalf = 7
    /// A whole number, −128 to 127.
    case signedByte = 8

    /// What FAISS calls it.
    public var name: String {
        switch self {
        case .eightBits: "QT_8bit"
        case .fourBits: "QT_4bit"
        case .eightBitsUniform: "QT_8bit_uniform"
        case .fourBitsUniform: "QT_4bit_uniform"
        case .half: "QT_fp16"
        case .byte: "QT_8bit_direct"
        case .sixBits: "QT_6bit"
        case .upperHalf: "QT_bf16"
        case .signedByte: "QT_8bit_direct_signed"
        }
    }

    /// The bits of a value.
    var bits: Int {
        switch self {
        case .eightBits, .eightBitsUniform, .byte, .signedByte: 8
        case .fourBits, .fourBitsUniform: 4
        case .sixBits: 6
        case .half, .upperHalf: 16
        }
    }

    /// How many least values the scale has, and as many spreads.
    func scaleCount(dimension: Int) -> Int {
        switch self {
        case .eightBits, .fourBits, .sixBits: dimension
        case .eightBitsUniform, .fourBitsUniform: 1
        case .half, .byte, .upperHalf, .signedByte: 0
        }
    }

    /// How its values are stored.
    ///
    /// - Parameter trained: the least values and then the spreads, or nothing.
    /// - Returns: what `StoredRows` reads.
    /// - Precondition: they are as many as `scaleCount` says.
    func element(trained: [Float]) -> StoredRows.Element {
        switch self {
        case .half: .half
        case .upperHalf: .upperHalf
        case .byte: .byte(minus: 0)
        case .signedByte: .byte(minus: 128)
        case .eightBits, .fourBits, .eightBitsUniform, .fourBitsUniform, .sixBits:
            .scaled(
                ValueScale(
                    bits: bits, least: Array(trained[..<(trained.count / 2)]),
                    spread: Array(trained[(trained.count / 2)...])))
        }
    }
}
