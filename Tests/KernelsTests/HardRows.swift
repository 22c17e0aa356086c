import Kernels
import TestSupport

/// Rows that a search must get right, each kind hard in its own way.
enum HardRows: String, CaseIterable, Sendable {
    case random, clustered, duplicates, constant, zeros, denormal, tiny, huge, mixed, offset,
        nearTies

    func make(_ count: Int, _ dimension: Int, _ generator: inout SeededGenerator) -> [[Float]] {
        let first = generator.floats(dimension)
        let centres = (0..<5).map { _ in generator.floats(dimension) }
        return (0..<count).map { index in
            let noise = generator.floats(dimension)
            switch self {
            case .random: return noise
            case .clustered: return sum(centres[index % 5], noise, 0.05)
            case .duplicates: return centres[index % 5]
            case .constant: return first
            case .zeros: return index % 7 == 0 ? noise : first.map { _ in 0 }
            case .denormal: return noise.map { $0 * 0x1p-130 }
            case .tiny: return noise.map { $0 * 0x1p-45 }
            case .huge: return noise.map { $0 * 0x1p120 }
            case .mixed:
                let exponent = [-149, -100, -41, -39, 0, 10, 38, 41, 100, 126][index % 10]
                return noise.map { $0 * Float(sign: .plus, exponent: exponent, significand: 1) }
            case .offset: return sum(first.map { $0 * 1000 }, noise, 1)
            case .nearTies:
                // The same row but for one last bit somewhere.
                var row = first
                let place = Int.random(in: 0..<dimension, using: &generator)
                row[place] = index % 2 == 0 ? row[place].nextUp : row[place].nextDown
                return row
            }
        }
    }

    private func sum(_ row: [Float], _ noise: [Float], _ factor: Float) -> [Float] {
        zip(row, noise).map { $0 + $1 * factor }
    }
}
