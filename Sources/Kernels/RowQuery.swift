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
        let inverse = 1 / step
        // Adding 1.5 · 2^23 rounds to a whole number, which stays below 128 by how `step` was made.
        let magic: Float = 12_582_912
        var left = 0.0
        var sum: Float = 0
        for j in 0..<padded {
            let whole = (rotated[j] * inverse + magic) - magic
            let difference = Double(rotated[j]) - Double(whole) * Double(step)
            left += difference * difference
            sum += whole
            rotated[j] = whole
        }
        let lowHalf = [Int8](unsafeUninitializedCapacity: padded / 2) { half, count in
            for place in 0..<padded / 2 {
                half[place] = Int8(rotated[place / 32 * 64 + place % 32])
            }
            count = padded / 2
        }
        let highHalf = [Int8](unsafeUninitializedCapacity: padded / 2) { half, count in
            for place in 0..<padded / 2 {
                half[place] = Int8(rotated[place / 32 * 64 + 32 + place % 32])
            }
            count = padded / 2
        }
        (low, high) = (lowHalf, highHalf)
        let rounding =
            1.01 * (Double((padded + 31) / 32 + 24) * 0x1p-24 + 5 * planes.rotation.relativeError)
        let twice = isDistance ? 2.0 : 1.0
        // The least that scores computed in f32 can be off by, where they underflow.
        let underflow = Double(padded) * 0x1p-149
        offset = 15 * Int32(sum)
        unit = isDistance ? step : step / 2
        residual = RowQuery.roundedUp(twice * reach * (1 + rounding))
        norm = RowQuery.roundedUp(twice * (left.squareRoot() * (1 + 1e-10) + rounding * reach))
        if isDistance {
            square = RowQuery.roundedUp(-(1 - 4 * rounding))
            constant = RowQuery.roundedUp(-length * length * (1 - 4 * rounding) + underflow)
        } else {
            var centred = 0.0
            for j in query.indices { centred += Double(query[j]) * Double(planes.centre[j]) }
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

    private static func length(_ values: [Float]) -> Double {
        values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    private static func roundedUp(_ value: Double) -> Float {
        let nearest = Float(value)
        return Double(nearest) < value ? nearest.nextUp : nearest
    }
}
