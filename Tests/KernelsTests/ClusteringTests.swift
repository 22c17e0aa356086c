import Kernels
import TestSupport
import Testing

struct ClusteringTests {
    @Test(arguments: [false, true])
    func `every row is nearest to its own point`(isByDistance: Bool) {
        var generator = SeededGenerator(seed: 73)
        for (count, points) in [(1, 1), (5, 5), (1500, 7), (2100, 40)] {
            let rows = FloatRows(dimension: 9, values: generator.floats(9 * count))
            let clustering = Clustering(of: rows, count: points, byDistance: isByDistance)
            #expect(clustering.centres.count == points)
            let nearest = clustering.nearest(to: rows)
            for row in 0..<count {
                let scores = (0..<points).map { point -> Double in
                    zip(rows[row], clustering.centres[point]).reduce(0) { sum, pair in
                        let (value, centre) = (Double(pair.0), Double(pair.1))
                        return isByDistance
                            ? sum - (value - centre) * (value - centre) : sum + value * centre
                    }
                }
                let best = scores.max() ?? 0
                #expect(scores[nearest[row]] >= best - 1e-5, "row \(row)")
            }
        }
    }

    @Test func `groups that lie apart are found, and points are their means`() {
        var generator = SeededGenerator(seed: 74)
        // Three groups, so far apart that a first point in each is certain to keep them apart.
        var rows = FloatRows(dimension: 2, values: [])
        for group in 0..<3 {
            for _ in 0..<100 {
                rows.append(generator.floats(2).map { $0 + 100 * Float(group) })
            }
        }
        let clustering = Clustering(of: rows, count: 3, byDistance: true)
        let nearest = clustering.nearest(to: rows)
        for group in 0..<3 {
            let own = Set(nearest[group * 100..<group * 100 + 100])
            #expect(own.count == 1)
            for column in 0..<2 {
                let mean = (0..<100).reduce(Float(0)) {
                    $0 + rows.values[(group * 100 + $1) * 2 + column] / 100
                }
                #expect(abs(clustering.centres.values[(own.first ?? 0) * 2 + column] - mean) < 1e-3)
            }
        }
        #expect(Set(nearest).count == 3)
    }

    @Test func `points that no row is near stay, and those by product have length one`() {
        let rows = FloatRows(
            dimension: 2, values: Array([[Float]](repeating: [3, 4], count: 10).joined()))
        let distance = Clustering(of: rows, count: 4, byDistance: true)
        #expect(distance.centres.values == [3, 4, 3, 4, 3, 4, 3, 4])
        #expect(distance.nearest(to: rows) == [Int](repeating: 0, count: 10))
        let product = Clustering(of: rows, count: 1, byDistance: false)
        #expect(abs(product.centres.values[0] - 0.6) < 1e-6)
        #expect(product.nearest(to: FloatRows(dimension: 2, count: 0)) == [])
    }
}
