internal import CKernels

/// An orthogonal map that spreads every row's length evenly over its dimensions.
///
/// Sign flips and Hadamard transforms; see `rotate_f32` in CodeKernels.h. Inner products and lengths
/// stay what they are but for rounding.
public struct Rotation: Sendable {
    /// The length of what is rotated: a multiple of 64.
    public let dimension: Int
    /// Equal seeds give equal rotations.
    public let seed: UInt64

    private let signs: [UInt32]

    /// The rotation that a seed makes.
    ///
    /// - Precondition: `dimension` is a positive multiple of 64.
    /// - Source: the signs are SplitMix64's bits, Steele, Lea and Flood, OOPSLA 2014.
    public init(dimension: Int, seed: UInt64) {
        precondition(dimension > 0 && dimension % 64 == 0, "not a multiple of 64")
        self.dimension = dimension
        self.seed = seed
        var state = seed
        var bits: UInt64 = 0
        signs = (0..<Int(CK_ROTATION_ROUNDS) * dimension).map { index in
            if index % 64 == 0 {
                state &+= 0x9E37_79B9_7F4A_7C15
                var z = state
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                bits = z ^ (z >> 31)
            }
            defer { bits >>= 1 }
            return UInt32(bits & 1) << 31
        }
    }

    /// A bound of the relative error, as a share of the length.
    public var relativeError: Double {
        let power = Double((Int.bitWidth - 1) - dimension.leadingZeroBitCount)
        return Double(CK_ROTATION_ROUNDS) * (power + 2) * 0x1p-24
    }

    /// Rotates in place.
    ///
    /// - Precondition: `values.count == dimension`.
    public func apply(to values: inout [Float], using kernels: CodeKernels = .current) {
        precondition(values.count == dimension, "another dimension")
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            apply(to: base, kernels.table)
        }
    }

    func apply(to values: UnsafeMutablePointer<Float>, _ table: ck_code_kernels) {
        signs.withUnsafeBufferPointer { table.rotate_f32($0.baseAddress, dimension, values) }
    }
}
