internal import CLinearAlgebra

/// The nearest rows of many queries by inner product, found without codes: what searches are held
/// against.
public enum GroundTruth {
    private static let queryBlock = 256
    private static let rowBlock = 2048

    /// The rows with the greatest inner products, for each query the best first, equal scores in the
    /// order of the rows.
    ///
    /// BLAS adds in an order of its own, so its products only choose: every row that may be among the
    /// best by the bound of its rounding is scored again by `innerProducts`, whose bits are returned.
    ///
    /// - Parameters:
    ///   - queries: finite, of the rows' dimension.
    ///   - rows: finite; inner products must not overflow.
    ///   - limit: the most rows for each query, at least 1.
    /// - Returns: for each query the numbers of the rows with their scores.
    /// - Complexity: O(queries · rows · dimension), through BLAS `sgemm` in blocks.
    public static func nearest(
        to queries: FloatRows, in rows: FloatRows, limit: Int
    ) -> [[Nearest.Entry]] {
        precondition(queries.dimension == rows.dimension && limit > 0, "another shape")
        let dimension = rows.dimension
        // Of both sums, each at most this share of |query| |row|; doubled for the roundings of the
        // norms and of the bound itself.
        let share = 2 * Float(2 * dimension + 8) * 0x1p-24
        let lengths = lengths(rows)
        let queryLengths = self.lengths(queries)
        var best = [Nearest](repeating: Nearest(limit: limit) { $0 < $1 }, count: queries.count)
        var products = [Float](repeating: 0, count: queryBlock * rowBlock)
        for firstQuery in stride(from: 0, to: queries.count, by: queryBlock) {
            let queryCount = min(queryBlock, queries.count - firstQuery)
            for firstRow in stride(from: 0, to: rows.count, by: rowBlock) {
                let rowCount = min(rowBlock, rows.count - firstRow)
                multiply(
                    queries, firstQuery, queryCount, rows, firstRow, rowCount, &products)
                for query in 0..<queryCount {
                    let number = firstQuery + query
                    let slack = share * queryLengths[number]
                    for row in 0..<rowCount {
                        let product = products[query * rowBlock + row]
                        let bound = product + slack * lengths[firstRow + row] + 0x1p-126
                        if bound < best[number].threshold { continue }
                        let alone = FloatRows(
                            dimension: dimension, values: Array(rows[firstRow + row]))
                        best[number].insert(
                            slot: firstRow + row,
                            score: innerProducts(of: queries[number], with: alone)[0])
                    }
                }
            }
        }
        return best.map { $0.sorted() }
    }

    private static func lengths(_ rows: FloatRows) -> [Float] {
        (0..<rows.count).map { row in
            Float(rows[row].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
        }
    }

    private static func multiply(
        _ queries: FloatRows, _ firstQuery: Int, _ queryCount: Int, _ rows: FloatRows,
        _ firstRow: Int, _ rowCount: Int, _ products: inout [Float]
    ) {
        let width = rows.dimension
        queries.values.withUnsafeBufferPointer { queries in
            rows.values.withUnsafeBufferPointer { rows in
                guard let left = queries.baseAddress, let right = rows.baseAddress else { return }
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(queryCount), Int32(rowCount),
                    Int32(width), 1, left + firstQuery * width, Int32(width),
                    right + firstRow * width, Int32(width), 0, &products, Int32(rowBlock))
            }
        }
    }
}
