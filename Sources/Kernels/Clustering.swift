internal import CLinearAlgebra

/// Points of which each stands for the rows that it is nearest to, found by k-means.
///
/// - Source: Lloyd, "Least squares quantization in PCM", 1982; by inner product the points have
///   length 1: Dhillon and Modha, "Concept decompositions for large sparse text data", 2001.
public struct Clustering: Sendable {
    /// The points.
    public private(set) var centres: FloatRows

    private let isByDistance: Bool
    private static let rowBlock = 1024

    /// Groups some rows.
    ///
    /// The same rows make the same points, as far as the system's BLAS adds in the same order.
    ///
    /// - Parameters:
    ///   - rows: finite ones; the points begin as `count` of them, spread evenly.
    ///   - count: the number of points.
    ///   - isByDistance: whether near is by Euclidean distance, else by inner product.
    ///   - rounds: how often every row is given to a point and the points are moved.
    /// - Precondition: `1 <= count <= rows.count`.
    /// - Complexity: O(rounds · rows · count · dimension), through BLAS `sgemm`.
    public init(of rows: FloatRows, count: Int, byDistance isByDistance: Bool, rounds: Int = 10) {
        precondition(count > 0 && count <= rows.count, "as many points as rows at most")
        self.isByDistance = isByDistance
        centres = FloatRows(
            dimension: rows.dimension,
            values: (0..<count).flatMap { rows[$0 * rows.count / count] })
        if !isByDistance { centres.normalize() }
        for _ in 0..<rounds { move(to: rows) }
    }

    /// The number of the point that each row is nearest to; of equally near ones the first.
    ///
    /// - Complexity: O(rows · points · dimension), through BLAS `sgemm` in blocks.
    public func nearest(to rows: FloatRows) -> [Int] {
        precondition(rows.dimension == centres.dimension, "rows of another dimension")
        // |x − c|² is least where x · c − |c|² / 2 is greatest.
        let halves = (0..<centres.count).map { centre in
            isByDistance ? centres[centre].reduce(0) { $0 + $1 * $1 } / 2 : 0
        }
        var products = [Float](repeating: 0, count: Self.rowBlock * centres.count)
        var nearest: [Int] = []
        nearest.reserveCapacity(rows.count)
        for first in stride(from: 0, to: rows.count, by: Self.rowBlock) {
            let count = min(Self.rowBlock, rows.count - first)
            multiply(rows, first, count, &products)
            for row in 0..<count {
                var best = 0
                var greatest = -Float.infinity
                for centre in 0..<centres.count {
                    let score = products[row * centres.count + centre] - halves[centre]
                    if score > greatest { (best, greatest) = (centre, score) }
                }
                nearest.append(best)
            }
        }
        return nearest
    }

    /// Moves each point to the mean of its rows; one without rows stays.
    private mutating func move(to rows: FloatRows) {
        var sums = FloatRows(dimension: rows.dimension, count: centres.count)
        var counts = [Int](repeating: 0, count: centres.count)
        for (row, centre) in nearest(to: rows).enumerated() {
            sums.addRow(rows[row], scaledBy: 1, to: centre)
            counts[centre] += 1
        }
        var moved = FloatRows(dimension: rows.dimension, count: centres.count)
        for centre in 0..<centres.count {
            let isEmpty = counts[centre] == 0
            moved.addRow(
                isEmpty ? centres[centre] : sums[centre],
                scaledBy: isEmpty ? 1 : 1 / Float(counts[centre]), to: centre)
        }
        centres = moved
        if !isByDistance { centres.normalize() }
    }

    private func multiply(
        _ rows: FloatRows, _ first: Int, _ count: Int, _ products: inout [Float]
    ) {
        let width = rows.dimension
        rows.values.withUnsafeBufferPointer { rows in
            centres.values.withUnsafeBufferPointer { points in
                guard let left = rows.baseAddress, let right = points.baseAddress else { return }
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(centres.count),
                    Int32(width), 1, left + first * width, Int32(width), right, Int32(width), 0,
                    &products, Int32(centres.count))
            }
        }
    }
}
