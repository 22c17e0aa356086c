import Foundation
import Kernels
import TestSupport
import Testing

struct SelfAttentionTests {
    /// The same attention in double precision, one output value at a time.
    private func oracle(
        _ input: FloatRows, lengths: [Int], headCount: Int,
        bias: (_ head: Int, _ distance: Int) -> Float = { _, _ in 0 }
    ) -> [Double] {
        let width = input.dimension / 3
        let headWidth = width / headCount
        func value(_ row: Int, _ column: Int) -> Double {
            Double(input.values[row * input.dimension + column])
        }
        var output = [Double](repeating: 0, count: input.count * width)
        var first = 0
        for length in lengths {
            for head in 0..<headCount {
                for row in first..<first + length {
                    let scores = (first..<first + length).map { other in
                        (0..<headWidth).reduce(0.0) { sum, j in
                            let column = head * headWidth + j
                            return sum + value(row, column) * value(other, width + column)
                        } / Double(headWidth).squareRoot() + Double(bias(head, other - row))
                    }
                    let greatest = scores.max() ?? 0
                    let powers = scores.map { exp($0 - greatest) }
                    let sum = powers.reduce(0, +)
                    for j in 0..<headWidth {
                        let column = head * headWidth + j
                        output[row * width + column] =
                            powers.indices.reduce(0.0) {
                                $0 + powers[$1] / sum * value(first + $1, 2 * width + column)
                            }
                    }
                }
            }
            first += length
        }
        return output
    }

    private func check(
        lengths: [Int], headCount: Int, headWidth: Int, scale: Float, tolerance: Double,
        at location: SourceLocation = #_sourceLocation
    ) {
        var generator = SeededGenerator(seed: 10)
        let (count, dimension) = (lengths.reduce(0, +), 3 * headCount * headWidth)
        let values = generator.floats(count * dimension).map { $0 * scale }
        let input = FloatRows(dimension: dimension, values: values)
        let expected = oracle(input, lengths: lengths, headCount: headCount)
        for set in InstructionSet.available {
            let output = attend(input, lengths: lengths, headCount: headCount, using: set)
            let errors = zip(output.values, expected).map { (Double($0.0) - $0.1).magnitude }
            #expect(errors.max() ?? 0 <= tolerance, "\(set)", sourceLocation: location)
        }
    }

    private func attend(
        _ input: FloatRows, lengths: [Int], headCount: Int, bias: RelativeBias? = nil,
        using set: InstructionSet? = nil
    ) -> FloatRows {
        var attention = SelfAttention(headCount: headCount, bias: bias, using: set)
        var output = FloatRows(dimension: input.dimension / 3, count: input.count)
        attention.apply(to: input, lengths: lengths, into: &output)
        return output
    }

    @Test func `a bias is added by the distance from query to key`() {
        var generator = SeededGenerator(seed: 12)
        let (heads, reach, lengths) = (3, 40, [1, 5, 41, 33])
        let input = FloatRows(
            dimension: 3 * heads * 4, values: generator.floats(80 * 3 * heads * 4))
        let values = generator.floats(heads * (2 * reach + 1)).map { $0 * 3 }
        let expected = oracle(input, lengths: lengths, headCount: heads) { head, distance in
            values[head * (2 * reach + 1) + reach + distance]
        }
        for set in InstructionSet.available {
            let output = attend(
                input, lengths: lengths, headCount: heads,
                bias: RelativeBias(values: values, reach: reach), using: set)
            for (value, exact) in zip(output.values, expected) {
                #expect((Double(value) - exact).magnitude <= 1e-5, "\(set)")
            }
        }
    }

    @Test func `a text out of the bias's reach is a broken promise`() async {
        await #expect(processExitsWith: .failure) {
            var attention = SelfAttention(
                headCount: 1, bias: RelativeBias(values: [0, 0, 0], reach: 1))
            var output = FloatRows(dimension: 1, count: 3)
            attention.apply(
                to: FloatRows(dimension: 3, count: 3), lengths: [3], into: &output)
        }
    }

    /// Lengths about 16, 32, 48 and 64 and head widths of whole panels: short texts go their own way there.
    @Test func `sets with vectors have the same bits`() {
        var generator = SeededGenerator(seed: 13)
        let (heads, lengths) = (4, [37, 23, 1, 7, 11, 15, 16, 17, 31, 32, 33, 48, 49, 63, 64, 65])
        let count = lengths.reduce(0, +)
        for width in [8, 32, 64] {
            let dimension = 3 * heads * width
            var values = generator.floats(count * dimension)
            // Every other text has a key that is no number.
            var end = 0
            for (text, length) in lengths.enumerated() {
                end += length
                let key = end - max(1, length / 3)
                if !text.isMultiple(of: 2) { values[key * dimension + heads * width] = .nan }
            }
            let input = FloatRows(dimension: dimension, values: values)
            let bias = RelativeBias(values: generator.floats(heads * 129), reach: 64)
            for bias in [nil, bias] {
                let outputs = InstructionSet.available.filter { $0 != .scalar }.map {
                    attend(input, lengths: lengths, headCount: heads, bias: bias, using: $0)
                }
                let bits = outputs.map { $0.values.map(\.bitPattern) }
                for other in bits.dropFirst() { #expect(other == bits[0], "\(width)") }
            }
        }
    }

    @Test func `some rows of a text have the bits of the whole`() {
        for (length, width) in [
            (61, 8), (61, 32), (13, 32), (16, 32), (29, 32), (47, 32), (64, 32),
        ] {
            checkSomeRows(length: length, width: width)
        }
    }

    private func checkSomeRows(length: Int, width: Int) {
        var generator = SeededGenerator(seed: 14)
        let heads = 3
        let input = FloatRows(
            dimension: 3 * heads * width, values: generator.floats(length * 3 * heads * width))
        let shared = SharedRows(dimension: input.dimension, capacity: length + 4)
        shared.write(input, from: 0)
        let bias = RelativeBias(values: generator.floats(heads * 129), reach: 64)
        for set in InstructionSet.available {
            for bias in [nil, bias] {
                let whole = attend(
                    input, lengths: [length], headCount: heads, bias: bias, using: set)
                var attention = SelfAttention(headCount: heads, bias: bias, using: set)
                for wanted in [0..<1, 0..<24, 7..<9, 23..<50, 31..<61, length - 1..<length] {
                    let queries = wanted.clamped(to: 0..<length)
                    guard !queries.isEmpty else { continue }
                    var output = FloatRows(dimension: heads * width, count: queries.count)
                    attention.apply(to: shared, length: length, queries: queries, into: &output)
                    for (row, query) in queries.enumerated() {
                        #expect(output[row].elementsEqual(whole[query]), "\(set) \(query)")
                    }
                }
            }
        }
    }

    @Test func `ragged batches equal the naive oracle`() {
        check(lengths: [], headCount: 1, headWidth: 1, scale: 1, tolerance: 0)
        check(lengths: [1], headCount: 1, headWidth: 1, scale: 1, tolerance: 1e-6)
        check(lengths: [3, 1, 7], headCount: 2, headWidth: 4, scale: 1, tolerance: 1e-6)
        check(lengths: [8, 31, 1, 33], headCount: 3, headWidth: 5, scale: 2, tolerance: 1e-5)
        check(lengths: [63, 32], headCount: 12, headWidth: 32, scale: 1, tolerance: 1e-5)
        check(lengths: [16, 17, 5, 31], headCount: 3, headWidth: 64, scale: 1, tolerance: 1e-5)
    }

    @Test func `an empty text among others takes no rows`() {
        check(lengths: [0, 2, 0, 3, 0], headCount: 2, headWidth: 3, scale: 1, tolerance: 1e-6)
    }

    @Test func `great scores pick one row instead of overflowing`() {
        check(lengths: [9, 5], headCount: 1, headWidth: 8, scale: 40, tolerance: 1e-2)
    }

    @Test func `texts of a batch do not see each other`() {
        var generator = SeededGenerator(seed: 11)
        let (first, second) = (generator.floats(4 * 12), generator.floats(6 * 12))
        let together = attend(
            FloatRows(dimension: 12, values: first + second), lengths: [4, 6], headCount: 2)
        let alone = attend(
            FloatRows(dimension: 12, values: first), lengths: [4], headCount: 2)
        #expect(Array(together.values.prefix(16)) == alone.values)
    }
}
