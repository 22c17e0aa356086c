internal import CKernels
internal import Glibc

/// A query, made ready for the rows it will be held against.
public struct RowQuery: Sendable {
    let values: [Float]
    /// The multipliers of the codes' low and high halves; empty where codes can say nothing.
    let low: [Int8]
    let high: [Int8]
    private(set) var offset: Int32 = 0
    private(set) var unit: Float = 0
    private(set) var residual: Float = 0
    private(set) var norm: Float = 0
    private(set) var square: Float = 0
    private(set) var constant: Float = 0

    var isCoded: Bool { !low.isEmpty }

    /// Makes a query ready for these rows.
    ///
    /// What a row's codes say of its score, `est`, is off by no more than
    ///
    ///     |<q, x> - est| <= |q'| |r| + |q' - unit · integers| |s z| + rounding
    ///
    /// with q' the rotated query and x = c + s z + r rotated: Cauchy and Schwarz on each part. All
    /// roundings (both rotations, the estimate's own f32 sums, the f32 score that is the answer) are
    /// relative to |q| (|c| + |s z| + |r|); their factors add up to `rounding`. Norms are taken in
    /// f64 and rounded up.
    ///
    /// - Precondition: `query.count == rows.dimension`, all finite.
    /// - Complexity: O(dimension · log dimension).
    public init(_ query: [Float], for rows: CodedRows, using kernels: CodeKernels = .current) {
        precondition(query.count == rows.dimension, "a query of another dimension")
        values = query
        guard let planes = rows.codes else {
            (low, high) = ([], [])
            return
        }
        let isDistance = rows.scoring == .negatedSquaredDistance
        let padded = planes.rotation.dimension
        var rotated = query + [Float](repeating: 0, count: padded - query.count)
        if isDistance { for j in query.indices { rotated[j] -= planes.centre[j] } }
        let length = RowQuery.length(rotated)
        // Beyond these, squares and products would leave the range where relative errors hold.
        guard length >= 0x1p-40, length <= 0x1p40 else {
            (low, high) = ([], [])
            return
        }
        planes.rotation.apply(to: &rotated, using: kernels)
        let reach = max(length, RowQuery.length(rotated)) * (1 + 1e-10)
        var greatest: Float = 0
        for value in rotated { greatest = max(greatest, value.magnitude) }
        let step = greatest / 127
        let integers = RowQuery.integers(rotated, step: step)
        (low, high) = (integers.low, integers.high)
        let rounding =
            1.01 * (Double((padded + 31) / 32 + 24) * 0x1p-24 + 5 * planes.rotation.relativeError)
        let twice = isDistance ? 2.0 : 1.0
        // The least that scores computed in f32 can be off by, where they underflow.
        let underflow = Double(padded) * 0x1p-149
        offset = 15 * integers.sum
        unit = isDistance ? step : step / 2
        residual = RowQuery.roundedUp(twice * reach * (1 + rounding))
        norm = RowQuery.roundedUp(
            twice * (integers.left.squareRoot() * (1 + 1e-10) + rounding * reach))
        if isDistance {
            square = RowQuery.roundedUp(-(1 - 4 * rounding))
            constant = RowQuery.roundedUp(-length * length * (1 - 4 * rounding) + underflow)
        } else {
            let centred = RowQuery.product(query, planes.centre)
            let far = reach * RowQuery.length(planes.centre)
            constant = RowQuery.roundedUp(centred + rounding * far + underflow)
        }
    }

    /// What a kernel takes; the pointers hold while `body` runs.
    func withCodes<Result>(_ body: (ck_code_query) -> Result) -> Result {
        low.withUnsafeBufferPointer { low in
            high.withUnsafeBufferPointer { high in
                body(
                    ck_code_query(
                        low: low.baseAddress, high: high.baseAddress, offset: offset, unit: unit,
                        residual: residual, norm: norm, square: square, constant: constant))
            }
        }
    }

    /// The multiples of `step` that are nearest to the values, split as codes are, with their sum and the
    /// squared length of what they leave over.
    ///
    /// Sums in four lanes, here and below, so that no addition waits for the one before.
    private static func integers(
        _ values: [Float], step: Float
    ) -> (low: [Int8], high: [Int8], sum: Int32, left: Double) {
        let inverse = 1 / step
        let wide = Double(step)
        // Adding 1.5 · 2^23 rounds to a whole number, which stays below 128 by how `step` was made.
        let magic: Float = 12_582_912
        var (left0, left1, left2, left3) = (0.0, 0.0, 0.0, 0.0)
        var sum: Int32 = 0
        let half = values.count / 2
        func fill(_ part: UnsafeMutableBufferPointer<Int8>, from first: Int) {
            values.withUnsafeBufferPointer { values in
                func place(_ place: Int) -> Double {
                    let value = values[place / 32 * 64 + place % 32 + first]
                    let whole = (value * inverse + magic) - magic
                    let integer = Int32(whole)
                    part[place] = Int8(truncatingIfNeeded: integer)
                    sum &+= integer
                    let difference = Double(value) - Double(whole) * wide
                    return difference * difference
                }
                for start in stride(from: 0, to: half, by: 4) {
                    left0 += place(start)
                    left1 += place(start + 1)
                    left2 += place(start + 2)
                    left3 += place(start + 3)
                }
            }
        }
        let low = [Int8](unsafeUninitializedCapacity: half) { part, count in
            fill(part, from: 0)
            count = half
        }
        let high = [Int8](unsafeUninitializedCapacity: half) { part, count in
            fill(part, from: 32)
            count = half
        }
        return (low, high, sum, left0 + left1 + left2 + left3)
    }

    private static func length(_ values: [Float]) -> Double {
        product(values, values).squareRoot()
    }

    private static func product(_ left: [Float], _ right: [Float]) -> Double {
        let whole = left.count / 4 * 4
        var (sum0, sum1, sum2, sum3) = (0.0, 0.0, 0.0, 0.0)
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for j in stride(from: 0, to: whole, by: 4) {
                    sum0 += Double(left[j]) * Double(right[j])
                    sum1 += Double(left[j + 1]) * Double(right[j + 1])
                    sum2 += Double(left[j + 2]) * Double(right[j + 2])
                    sum3 += Double(left[j + 3]) * Double(right[j + 3])
                }
            }
        }
        for j in whole..<left.count { sum0 += Double(left[j]) * Double(right[j]) }
        return sum0 + sum1 + sum2 + sum3
    }

    private static func roundedUp(_ value: Double) -> Float {
        let nearest = Float(value)
        return Double(nearest) < value ? nearest.nextUp : nearest
    }
}
