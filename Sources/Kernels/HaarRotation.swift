internal import CLinearAlgebra

/// A rotation drawn evenly from all there are, as a dense matrix: what `Rotation` is held against.
public struct HaarRotation: Sendable {
    /// The length of what is rotated.
    public let dimension: Int

    /// The orthogonal matrix, row-major.
    public let matrix: [Float]

    /// Draws a rotation; nil where LAPACK fails.
    ///
    /// - Precondition: `dimension > 0`.
    /// - Complexity: O(dimension³), through LAPACK `sgeqrf` and `sorgqr`.
    /// - Source: F. Mezzadri, "How to generate random matrices from the classical compact groups",
    ///   Notices of the AMS 54 (2007): QR of a Gaussian matrix, with the signs of R's diagonal.
    public init?(dimension: Int, using generator: inout some RandomNumberGenerator) {
        precondition(dimension > 0, "no dimension")
        let width = Int32(dimension)
        var matrix = (0..<dimension * dimension).map { _ in
            // Twelve uniform numbers make a bell that is near enough: QR wants only that no
            // direction is favoured much.
            (0..<12).reduce(Float(-6)) { sum, _ in sum + Float.random(in: 0..<1, using: &generator)
            }
        }
        var factors = [Float](repeating: 0, count: dimension)
        guard
            LAPACKE_sgeqrf(LAPACK_ROW_MAJOR, width, width, &matrix, width, &factors) == 0
        else { return nil }
        let isNegative = (0..<dimension).map { matrix[$0 * dimension + $0] < 0 }
        guard
            LAPACKE_sorgqr(LAPACK_ROW_MAJOR, width, width, width, &matrix, width, factors) == 0
        else { return nil }
        for row in 0..<dimension {
            for column in 0..<dimension where isNegative[column] {
                matrix[row * dimension + column].negate()
            }
        }
        self.dimension = dimension
        self.matrix = matrix
    }

    /// The rotated values.
    ///
    /// - Precondition: `values.count == dimension`.
    /// - Complexity: O(dimension²), through BLAS `sgemv`.
    public func apply(to values: [Float]) -> [Float] {
        precondition(values.count == dimension, "another dimension")
        let width = Int32(dimension)
        var result = [Float](repeating: 0, count: dimension)
        cblas_sgemv(
            CblasRowMajor, CblasNoTrans, width, width, 1, matrix, width, values, 1, 0, &result, 1)
        return result
    }
}
