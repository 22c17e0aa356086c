import Kernels
import TestSupport
import Testing
import Vectors

struct ExactAnswersTests {
    private func numbered(_ count: Int) -> [VectorKey] {
        // Not in the order of the slots.
        (0..<UInt64(count)).map { VectorKey(rawValue: $0 &* 0x9E37_79B9_7F4A_7C15) }
    }

    private func index(
        _ rows: FloatRows, _ metric: VectorMetric, codedFrom: Int
    ) throws -> VectorIndex {
        var index = VectorIndex(
            dimension: rows.dimension, metric: metric, codedFrom: codedFrom)
        try index.append(rows, keys: numbered(rows.count))
        return index
    }

    /// What the metric's name says, in double precision.
    private func score(_ metric: VectorMetric, _ query: [Float], _ row: [Float]) -> Double {
        func product(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        switch metric {
        case .innerProduct: return product(query, row)
        case .cosine:
            let lengths = (product(query, query) * product(row, row)).squareRoot()
            return lengths == 0 ? 0 : product(query, row) / lengths
        case .euclidean:
            return -zip(query, row).reduce(0.0) { sum, pair in
                let difference = Double(pair.0) - Double(pair.1)
                return sum + difference * difference
            }
        }
    }

    @Test(arguments: VectorMetric.allCases)
    func `scores are what the metric says`(metric: VectorMetric) throws {
        var generator = SeededGenerator(seed: 81)
        for dimension in [1, 3, 64, 100] {
            var rows = FloatRows(dimension: dimension, values: generator.floats(dimension * 50))
            rows.append([Float](repeating: 0, count: dimension))
            let index = try index(rows, metric, codedFrom: 1)
            for query in [generator.floats(dimension), [Float](repeating: 0, count: dimension)] {
                let found = try index.search(query, limit: 51)
                #expect(found.count == 51)
                let keys = numbered(51)
                for match in found {
                    let row = try #require(keys.firstIndex(of: match.key))
                    let exact = score(metric, query, Array(rows[row]))
                    #expect((Double(match.score) - exact).magnitude <= 1e-4)
                }
            }
        }
    }

    @Test(arguments: VectorMetric.allCases)
    func `codes, batches, tasks and ranges change no answer`(metric: VectorMetric) async throws {
        var generator = SeededGenerator(seed: 82)
        let (count, dimension) = (5000, 72)
        var values = generator.floats(dimension * count)
        // Many equal rows, so that ties reach across every limit.
        for row in 0..<count where row % 3 == 0 {
            for column in 0..<dimension { values[row * dimension + column] = Float(column % 5) }
        }
        let rows = FloatRows(dimension: dimension, values: values)
        let coded = try index(rows, metric, codedFrom: 4096)
        let plain = try index(rows, metric, codedFrom: .max)
        let queries = FloatRows(dimension: dimension, values: generator.floats(dimension * 37))
        let filters = { (index: VectorIndex) in
            [nil, 0.001, 0.01, 0.1, 0.5, 0.95].map { share in
                share.map { share in
                    index.filter { Double($0.rawValue % 100_000) < share * 100_000 }
                }
            }
        }
        for (ours, theirs) in zip(filters(coded), filters(plain)) {
            #expect(ours?.count == theirs?.count)
            for limit in [1, 10, 1000] {
                let expected = try (0..<37).map {
                    try plain.search(queries[$0], limit: limit, filter: theirs)
                }
                #expect(expected[0].count == min(limit, theirs?.count ?? count))
                #expect(try coded.search(queries, limit: limit, filter: ours) == expected)
                #expect(try plain.search(queries, limit: limit, filter: theirs) == expected)
                for tasks in [1, 2, 5] {
                    let found = try await coded.search(
                        queries, limit: limit, filter: ours, tasks: tasks)
                    #expect(found.matches == expected)
                    #expect(found.evaluations >= 37 * expected[0].count)
                }
                for query in 0..<37 {
                    let alone = try coded.search(queries[query], limit: limit, filter: ours)
                    #expect(alone == expected[query])
                }
                // A range that ends at the last score holds at least the same rows.
                let least = try #require(expected[0].last).score
                let range = try coded.search(queries[0], scoring: least, filter: ours)
                #expect(Array(range.prefix(expected[0].count)) == expected[0])
                #expect(range.allSatisfy { $0.score >= least })
                #expect(try plain.search(queries[0], scoring: least, filter: theirs) == range)
            }
        }
    }

    @Test func `a filter never returns fewer rows than match`() throws {
        var generator = SeededGenerator(seed: 83)
        let rows = FloatRows(dimension: 16, values: generator.floats(16 * 4500))
        let index = try index(rows, .innerProduct, codedFrom: 4096)
        let keys = numbered(4500)
        for count in [0, 1, 9, 10, 11, 4500] {
            let filter = index.filter(keys: keys.shuffled(using: &generator).prefix(count))
            #expect(filter.count == count)
            let found = try index.search(generator.floats(16), limit: 10, filter: filter)
            #expect(found.count == min(10, count))
        }
        let some = index.filter(keys: keys[..<100])
        let others = index.filter(keys: keys[50..<200] + [VectorKey(rawValue: 1)])
        #expect(some.intersection(others).count == 50)
        #expect(some.union(others).count == 200)
        #expect(some.subtracting(others).count == 50)
    }

    @Test func `a filter of another state is refused`() throws {
        var index = VectorIndex(dimension: 1)
        try index.append(FloatRows(dimension: 1, values: [1, 2]), keys: numbered(2))
        let filter = index.filter(keys: numbered(1))
        let copy = index
        index.remove(keys: numbered(1))
        #expect(throws: IndexError.staleFilter) {
            try index.search([1], limit: 1, filter: filter)
        }
        #expect(try copy.search([1], limit: 2, filter: filter).map(\.score) == [1])
        index.remove(keys: numbered(1))
        let fresh = index.filter(keys: numbered(2))
        #expect(try index.search([1], limit: 2, filter: fresh).map(\.score) == [2])
    }

    @Test func `NaN is no least score`() throws {
        let index = VectorIndex(dimension: 1)
        #expect(throws: IndexError.notFinite(row: 0)) {
            try index.search([1], scoring: .nan)
        }
        #expect(try index.search([1], scoring: -.infinity) == [])
    }

    @Test func `a query that is not finite is named`() async throws {
        let index = VectorIndex(dimension: 2)
        let queries = FloatRows(dimension: 2, values: [1, 1, 1, .infinity])
        #expect(throws: IndexError.notFinite(row: 1)) { try index.search(queries, limit: 1) }
        await #expect(throws: IndexError.notFinite(row: 1)) {
            _ = try await index.search(queries, limit: 1, tasks: 2)
        }
    }
}
