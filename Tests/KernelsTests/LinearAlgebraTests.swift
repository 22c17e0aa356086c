import Kernels
import TestSupport
import Testing

struct LinearAlgebraTests {
    @Test func `a spectrum finds the variances of each direction`() throws {
        // Rows that lie on the axes, at a distance of 1, 2, 3, 4, around a mean far off.
        var rows = FloatRows(dimension: 4, count: 0)
        for axis in 0..<4 {
            for sign in [Float(1), -1] {
                var row: [Float] = [5, -7, 9, 100]
                row[axis] += sign * Float(axis + 1)
                rows.append(row)
            }
        }
        let spectrum = try #require(Spectrum(of: rows))
        for (found, exact) in zip(spectrum.variances, [4, 2.25, 1, 0.25]) {
            #expect((found - exact).magnitude < 1e-6)
        }
        #expect((spectrum.effectiveDimension - 7.5 * 7.5 / 22.125).magnitude < 1e-5)
        #expect(spectrum.directions(carrying: 0.5) == 1)
        #expect(spectrum.directions(carrying: 0.8) == 2)
        #expect(spectrum.directions(carrying: 1) == 4)
    }

    @Test func `a line has one dimension and a point none`() throws {
        var generator = SeededGenerator(seed: 101)
        let direction = generator.floats(40)
        let line = (0..<300).flatMap { step in direction.map { $0 * Float(step) } }
        let spectrum = try #require(Spectrum(of: FloatRows(dimension: 40, values: line)))
        #expect((spectrum.effectiveDimension - 1).magnitude < 1e-3)
        #expect(spectrum.variances.allSatisfy { $0 >= 0 })
        let point = try #require(Spectrum(of: FloatRows(dimension: 3, values: [1, 2, 3])))
        #expect(point.effectiveDimension == 0)
        let even = FloatRows(dimension: 16, values: generator.floats(16 * 20_000))
        #expect(try #require(Spectrum(of: even)).effectiveDimension > 15.8)
        let huge = FloatRows(dimension: 1, values: [3e38, -3e38])
        #expect(Spectrum(of: huge) == nil)
    }

    @Test func `a drawn rotation is orthogonal`() throws {
        var generator = SeededGenerator(seed: 102)
        for dimension in [1, 2, 17, 64] {
            let rotation = try #require(
                HaarRotation(dimension: dimension, using: &generator))
            for left in 0..<dimension {
                for right in 0...left {
                    let product = (0..<dimension).reduce(Float(0)) { sum, column in
                        sum + rotation.matrix[left * dimension + column]
                            * rotation.matrix[right * dimension + column]
                    }
                    #expect((product - (left == right ? 1 : 0)).magnitude < 1e-5)
                }
            }
        }
    }

    /// After the fast rotation codes leave over about what they leave over after a dense one.
    ///
    /// The rows are the worst without any: a few directions hold nearly everything.
    @Test(arguments: [64, 192, 256, 384])
    func `the fast rotation spreads like a drawn one`(dimension: Int) throws {
        var generator = SeededGenerator(seed: 103)
        let fast = Rotation(dimension: dimension, seed: 11)
        let dense = try #require(HaarRotation(dimension: dimension, using: &generator))
        var sums = (fast: 0.0, dense: 0.0, none: 0.0)
        for _ in 0..<200 {
            // The spread falls off as a power of the direction.
            let row = generator.floats(dimension).enumerated().map { index, value in
                value / Float(index + 1)
            }
            func share(_ values: [Float]) -> Double {
                let coded = CodeKernels.current.encode(values)
                return Double(coded.residual) / Double(coded.square).squareRoot()
            }
            var rotated = row
            fast.apply(to: &rotated)
            sums.fast += share(rotated) / 200
            sums.dense += share(dense.apply(to: row)) / 200
            sums.none += share(row) / 200
        }
        #expect(sums.fast < sums.dense * 1.1, "\(sums)")
        #expect(sums.dense < sums.none / 1.5, "\(sums)")
    }

    @Test func `ground truth is the answer of a scan`() {
        var generator = SeededGenerator(seed: 104)
        for kind in [
            HardRows.random, .clustered, .duplicates, .constant, .zeros, .offset, .nearTies,
        ] {
            for dimension in [1, 33, 64] {
                let made = kind.make(2100, dimension, &generator)
                let rows = FloatRows(dimension: dimension, values: made.flatMap { $0 })
                let queries = FloatRows(
                    dimension: dimension, values: generator.floats(dimension * 5))
                let found = GroundTruth.nearest(to: queries, in: rows, limit: 12)
                for query in 0..<5 {
                    var all = Nearest(limit: 12) { $0 < $1 }
                    let scores = innerProducts(of: queries[query], with: rows)
                    for (slot, score) in scores.enumerated() {
                        all.insert(slot: slot, score: score)
                    }
                    #expect(found[query] == all.sorted(), "\(kind) \(dimension)")
                }
            }
        }
    }
}
