import Kernels
import TestSupport
import Testing

struct SimilarityTests {
    /// The rounding of `dimension / 32` steps in each lane, then of five pairwise additions.
    private func bound(_ dimension: Int, _ absoluteSum: Double) -> Double {
        Double((dimension + 31) / 32 + 5) * 0x1p-24 * absoluteSum
    }

    @Test(arguments: InstructionSet.available)
    func `inner products are those of double precision`(set: InstructionSet) {
        var generator = SeededGenerator(seed: 1)
        for dimension in edgeSizes {
            for count in [0, 1, 2, 33] {
                let query = generator.floats(dimension)
                let rows = FloatRows(
                    dimension: dimension, values: generator.floats(dimension * count))
                let scores = innerProducts(of: query, with: rows, using: set)
                #expect(scores.count == count)
                for (row, score) in scores.enumerated() {
                    let products = zip(query, rows[row]).map { Double($0.0) * Double($0.1) }
                    let exact = products.reduce(0, +)
                    let limit = bound(dimension, products.reduce(0) { $0 + $1.magnitude })
                    #expect((Double(score) - exact).magnitude <= limit, "dimension \(dimension)")
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `every instruction set gives the bits of the scalar one`(set: InstructionSet) {
        var generator = SeededGenerator(seed: 2)
        for dimension in Array(1...100) + [127, 128, 129, 384, 1000] {
            let scale: Float = dimension % 3 == 0 ? 1e18 : dimension % 3 == 1 ? 1e-22 : 1
            let query = generator.floats(dimension).map { $0 * scale }
            let rows = FloatRows(dimension: dimension, values: generator.floats(dimension * 5))
            let bits = innerProducts(of: query, with: rows, using: set).map(\.bitPattern)
            let oracle = innerProducts(of: query, with: rows, using: .scalar).map(\.bitPattern)
            #expect(bits == oracle, "dimension \(dimension)")
        }
    }

    @Test(arguments: InstructionSet.available)
    func `a row's score does not depend on its place`(set: InstructionSet) {
        var generator = SeededGenerator(seed: 3)
        for dimension in edgeSizes {
            let query = generator.floats(dimension)
            let rows = FloatRows(dimension: dimension, values: generator.floats(dimension * 9))
            let together = innerProducts(of: query, with: rows, using: set)
            for row in 0..<9 {
                let alone = FloatRows(dimension: dimension, values: Array(rows[row]))
                let score = innerProducts(of: query, with: alone, using: set)[0]
                #expect(score.bitPattern == together[row].bitPattern)
            }
        }
    }

    @Test func `the set in use is the best one or the one asked for`() {
        #expect(InstructionSet.available.first == .scalar)
        #expect(InstructionSet.available.contains(InstructionSet.current))
    }

    @Test func `a query may be a slice`() {
        let rows = FloatRows(dimension: 2, values: [1, 2, 3, 4])
        #expect(innerProducts(of: [9, 10, 100, 9][1...2], with: rows) == [210, 430])
    }
}
