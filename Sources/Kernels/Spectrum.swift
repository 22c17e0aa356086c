internal import CLinearAlgebra

/// How the spread of a set of rows is shared among directions: the eigenvalues of its covariance.
public struct Spectrum: Sendable, Equatable {
    /// The variance along each principal direction, greatest first; never negative.
    public let variances: [Double]

    /// The spectrum of rows around their mean; nil where LAPACK cannot tell, as where squares
    /// overflow.
    ///
    /// - Precondition: at least one row.
    /// - Complexity: O(count · dimension² + dimension³), through BLAS `ssyrk` in blocks of f32 that
    ///   are added up in f64, and LAPACK `dsyevd`.
    public init?(of rows: FloatRows) {
        precondition(rows.count > 0, "no rows")
        let dimension = rows.dimension
        let width = Int32(dimension)
        var mean = [Double](repeating: 0, count: dimension)
        for (index, value) in rows.values.enumerated() { mean[index % dimension] += Double(value) }
        for column in mean.indices { mean[column] /= Double(rows.count) }
        var covariance = [Double](repeating: 0, count: dimension * dimension)
        var block: [Float] = []
        var product = [Float](repeating: 0, count: dimension * dimension)
        for start in stride(from: 0, to: rows.count, by: 2048) {
            let end = min(start + 2048, rows.count)
            block.removeAll(keepingCapacity: true)
            for index in start * dimension..<end * dimension {
                block.append(Float(Double(rows.values[index]) - mean[index % dimension]))
            }
            cblas_ssyrk(
                CblasRowMajor, CblasUpper, CblasTrans, width, Int32(end - start), 1, block, width,
                0,
                &product, width)
            for row in 0..<dimension {
                for column in row..<dimension {
                    covariance[row * dimension + column] += Double(
                        product[row * dimension + column])
                }
            }
        }
        for index in covariance.indices { covariance[index] /= Double(rows.count) }
        guard covariance.allSatisfy(\.isFinite) else { return nil }
        var values = [Double](repeating: 0, count: dimension)
        let status = LAPACKE_dsyevd(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "U")), width,
            &covariance,
            width, &values)
        guard status == 0 else { return nil }
        // LAPACK's are ascending, and may miss 0 by a rounding.
        variances = values.reversed().map { max(0, $0) }
    }

    /// How many directions would carry the whole spread were it shared evenly: (Σλ)² / Σλ².
    ///
    /// From 1, all along one line, to the dimension; 0 where nothing is spread.
    public var effectiveDimension: Double {
        let sum = variances.reduce(0, +)
        let squares = variances.reduce(0) { $0 + $1 * $1 }
        return squares > 0 ? sum * sum / squares : 0
    }

    /// The least number of directions that carry a share of the spread.
    ///
    /// - Precondition: `0 < share <= 1`.
    public func directions(carrying share: Double) -> Int {
        precondition(share > 0 && share <= 1, "no share")
        let wanted = share * variances.reduce(0, +)
        var sum = 0.0
        for (index, variance) in variances.enumerated() {
            if sum >= wanted { return index }
            sum += variance
        }
        return variances.count
    }
}
