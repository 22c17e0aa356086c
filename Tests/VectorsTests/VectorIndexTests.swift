import Kernels
import TestSupport
import Testing
import Vectors

struct VectorIndexTests {
    private func keys(_ values: some Sequence<UInt64>) -> [VectorKey] {
        values.map(VectorKey.init(rawValue:))
    }

    /// Every row scored in order, then sorted.
    private func naive(
        _ query: [Float], _ rows: FloatRows, _ keys: [VectorKey], limit: Int
    ) -> [(key: UInt64, score: Float)] {
        let scores = innerProducts(of: query, with: rows, using: .scalar)
        return zip(keys.map(\.rawValue), scores).map { (key: $0, score: $1) }
            .sorted { $0.score != $1.score ? $0.score > $1.score : $0.key < $1.key }
            .prefix(limit).map { $0 }
    }

    @Test(arguments: [1, 7, 8, 31, 32, 33, 63, 384])
    func `answers equal a naive scan`(dimension: Int) throws {
        var generator = SeededGenerator(seed: UInt64(dimension))
        for count in [0, 1, 2, 33, 200] {
            let rows = FloatRows(dimension: dimension, values: generator.floats(dimension * count))
            let keys = keys((0..<UInt64(count)).map { $0 &* 0x9E37_79B9_7F4A_7C15 })
            var index = VectorIndex(dimension: dimension)
            try index.append(rows, keys: keys)
            #expect(index.count == count && index.dimension == dimension)
            for limit in [0, 1, 10, count, count + 1] {
                let query = generator.floats(dimension)
                let expected = naive(query, rows, keys, limit: limit)
                let found = try index.search(query, limit: limit)
                #expect(found.map(\.key.rawValue) == expected.map(\.key))
                #expect(found.map(\.score.bitPattern) == expected.map(\.score.bitPattern))
            }
        }
    }

    @Test func `rows that came in parts answer like rows that came at once`() throws {
        var generator = SeededGenerator(seed: 15)
        let rows = FloatRows(dimension: 5, values: generator.floats(5 * 60))
        var parts = VectorIndex(dimension: 5)
        var whole = VectorIndex(dimension: 5)
        try whole.append(rows, keys: keys(0..<60))
        for start in stride(from: 0, to: 60, by: 6) {
            let part = FloatRows(
                dimension: 5, values: Array(rows.values[start * 5..<(start + 6) * 5]))
            try parts.append(part, keys: keys(UInt64(start)..<UInt64(start + 6)))
        }
        let query = generator.floats(5)
        #expect(try parts.search(query, limit: 60) == whole.search(query, limit: 60))
    }

    @Test func `equal rows are ordered by key`() throws {
        var index = VectorIndex(dimension: 2)
        let same = FloatRows(dimension: 2, values: [1, 2, 1, 2, 1, 2, 1, 2])
        try index.append(same, keys: keys([9, 3, .max, 0]))
        #expect(try index.search([1, 1], limit: 3).map(\.key.rawValue) == [0, 3, 9])
    }

    @Test func `a negative limit returns nothing`() throws {
        var index = VectorIndex(dimension: 1)
        try index.append(FloatRows(dimension: 1, values: [1]), keys: keys([1]))
        #expect(try index.search([1], limit: -1) == [])
    }

    @Test func `what is not finite is refused and nothing is added`() throws {
        for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
            var index = VectorIndex(dimension: 2)
            #expect(throws: IndexError.notFinite(row: 2)) {
                try index.append(
                    FloatRows(dimension: 2, values: [1, 1, 2, 2, 3, value]), keys: keys([1, 2, 3]))
            }
            #expect(index.count == 0)
            #expect(try index.search([1, 1], limit: 5) == [])
            // The keys of the refused rows are free.
            try index.append(FloatRows(dimension: 2, values: [1, 1]), keys: keys([1]))
            #expect(throws: IndexError.notFinite(row: 0)) {
                try index.search([value, 0], limit: 1)
            }
        }
    }

    @Test func `a wrong dimension is refused`() throws {
        var index = VectorIndex(dimension: 3)
        #expect(throws: IndexError.dimension(expected: 3, found: 2)) {
            try index.append(FloatRows(dimension: 2, values: [1, 2]), keys: keys([1]))
        }
        for query in [[], [1], [1, 2], [1, 2, 3, 4]] as [[Float]] {
            #expect(throws: IndexError.dimension(expected: 3, found: query.count)) {
                try index.search(query, limit: 1)
            }
        }
        #expect(index.count == 0)
    }

    @Test func `every row needs one key`() {
        var index = VectorIndex(dimension: 1)
        #expect(throws: IndexError.keyCount(rows: 2, keys: 1)) {
            try index.append(FloatRows(dimension: 1, values: [1, 2]), keys: keys([1]))
        }
        #expect(throws: IndexError.keyCount(rows: 0, keys: 1)) {
            try index.append(FloatRows(dimension: 1, count: 0), keys: keys([1]))
        }
        #expect(index.count == 0)
    }

    @Test func `a key is taken once`() throws {
        var index = VectorIndex(dimension: 1)
        let two = FloatRows(dimension: 1, values: [1, 2])
        #expect(throws: IndexError.duplicateKey(VectorKey(rawValue: 7))) {
            try index.append(two, keys: keys([7, 7]))
        }
        #expect(index.count == 0)
        try index.append(two, keys: keys([7, 8]))
        #expect(throws: IndexError.duplicateKey(VectorKey(rawValue: 8))) {
            try index.append(two, keys: keys([9, 8]))
        }
        // Key 9 was refused together with 8.
        try index.append(FloatRows(dimension: 1, values: [3]), keys: keys([9]))
        #expect(try index.search([1], limit: 9).map(\.key.rawValue) == [9, 8, 7])
    }

    @Test func `rows whose product overflows are still ordered`() throws {
        var index = VectorIndex(dimension: 1)
        let values: [Float] = [1, 3e38, -3e38]
        try index.append(FloatRows(dimension: 1, values: values), keys: keys([1, 2, 3]))
        let found = try index.search([3e38], limit: 3)
        #expect(found.map(\.key.rawValue) == [2, 1, 3])
        #expect(found.first?.score == .infinity)
    }
}
