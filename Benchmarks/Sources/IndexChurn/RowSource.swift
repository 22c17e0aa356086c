import Kernels

/// Rows around a few hundred centres, as texts are around their topics.
struct RowSource: Sendable {
    private let centres: FloatRows

    private static let dimension = 64

    init(seed: UInt64) {
        var numbers = SplitMix(state: seed)
        centres = FloatRows(
            dimension: Self.dimension,
            values: (0..<200 * Self.dimension).map { _ in
                Float.random(in: -1...1, using: &numbers)
            })
    }

    func rows(_ count: Int, _ numbers: inout SplitMix) -> FloatRows {
        var rows = FloatRows(dimension: Self.dimension, values: [])
        for _ in 0..<count {
            let centre = centres[Int.random(in: 0..<centres.count, using: &numbers)]
            rows.append(centre.map { $0 + Float.random(in: -1...1, using: &numbers) })
        }
        return rows
    }
}

/// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
