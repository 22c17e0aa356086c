import Kernels
import TestSupport
import Testing
import Vectors

struct IndexChangesTests {
    private func key(_ value: Int) -> VectorKey { VectorKey(rawValue: UInt64(value)) }

    /// The index must answer as one that was built from the model anew.
    private func check<Key: IndexKey>(
        _ index: KeyedVectorIndex<Key>, _ model: [Key: [Float]], _ generator: inout SeededGenerator,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(index.count == model.count, sourceLocation: location)
        var fresh = KeyedVectorIndex<Key>(
            dimension: index.dimension, metric: index.metric, codedFrom: .max)
        let keys = model.keys.sorted()
        var rows = FloatRows(dimension: index.dimension, count: 0)
        for key in keys { rows.append(model[key] ?? []) }
        try fresh.append(rows, keys: keys)
        let queries = FloatRows(
            dimension: index.dimension, values: generator.floats(index.dimension * 5))
        #expect(
            try index.search(queries, limit: 20) == fresh.search(queries, limit: 20),
            sourceLocation: location)
        for key in keys.prefix(20) {
            #expect(try index.row(key) == fresh.row(key), sourceLocation: location)
        }
    }

    @Test(arguments: VectorMetric.allCases, [0, 300, Int.max])
    func `any run of changes answers like a new index`(metric: VectorMetric, from: Int) throws {
        var generator = SeededGenerator(seed: 91)
        var index = VectorIndex(dimension: 9, metric: metric, codedFrom: from)
        var model: [VectorKey: [Float]] = [:]
        for step in 0..<150 {
            switch step % 5 {
            case 0, 1, 2:
                let numbers = Set((0..<20).map { _ in Int.random(in: 0..<700, using: &generator) })
                let keys = numbers.sorted().map(key)
                let rows = FloatRows(dimension: 9, values: generator.floats(9 * keys.count))
                try index.upsert(rows, keys: keys)
                for (place, key) in keys.enumerated() { model[key] = Array(rows[place]) }
            case 3:
                let keys = (0..<30).map { _ in key(Int.random(in: 0..<700, using: &generator)) }
                let there = Set(keys).filter { model[$0] != nil }.count
                let removed = index.remove(keys: keys)
                #expect(removed == there)
                for key in keys { model[key] = nil }
            default:
                let isWhole = try index.compact(limit: step % 2 == 0 ? 3 : .max)
                #expect(isWhole || step % 2 == 0)
            }
            if step % 7 == 0 { try check(index, model, &generator) }
        }
        try check(index, model, &generator)
        index.remove(keys: Array(model.keys))
        #expect(index.count == 0)
        let isWhole = try index.compact()
        #expect(isWhole)
        #expect(index.byteCount == 0)
        #expect(try index.search(generator.floats(9), limit: 3) == [])
    }

    @Test func `an upsert never makes a second row`() throws {
        var index = VectorIndex(dimension: 1)
        try index.upsert(FloatRows(dimension: 1, values: [1, 2]), keys: [key(1), key(2)])
        try index.upsert(FloatRows(dimension: 1, values: [5]), keys: [key(1)])
        #expect(index.count == 2)
        #expect(try index.search([1], limit: 9).map(\.score) == [5, 2])
        #expect(throws: IndexError.duplicateKey(key(3))) {
            try index.upsert(FloatRows(dimension: 1, values: [7, 8]), keys: [key(3), key(3)])
        }
        #expect(throws: IndexError.notFinite(row: 1)) {
            try index.upsert(FloatRows(dimension: 1, values: [7, .nan]), keys: [key(1), key(2)])
        }
        #expect(try index.count == 2 && index.row(key(1)) == [5])
    }

    @Test func `a deleted row's slot is used again`() throws {
        var index = VectorIndex(dimension: 64, codedFrom: 1)
        let rows = FloatRows(dimension: 64, count: 512)
        try index.append(rows, keys: (0..<512).map(key))
        let before = index.byteCount
        for round in 1..<6 {
            index.remove(keys: (0..<512).map { key($0 + (round - 1) * 1000) })
            try index.append(rows, keys: (0..<512).map { key($0 + round * 1000) })
        }
        #expect(index.byteCount == before)
    }

    @Test func `a snapshot stays as it was`() throws {
        var generator = SeededGenerator(seed: 92)
        let shared = SharedVectorIndex(VectorIndex(dimension: 8, codedFrom: 10))
        let rows = FloatRows(dimension: 8, values: generator.floats(8 * 2000))
        try shared.update { try $0.append(rows, keys: (0..<2000).map(key)) }
        let query = generator.floats(8)
        let snapshot = shared.snapshot()
        let before = try snapshot.search(query, limit: 50)
        try shared.update { index throws in
            index.remove(keys: before.map(\.key))
            try index.compact()
        }
        try shared.update {
            try $0.upsert(
                FloatRows(dimension: 8, values: generator.floats(8 * 900)),
                keys: (500..<1400).map(key))
        }
        #expect(try snapshot.search(query, limit: 50) == before)
        #expect(snapshot.count == 2000)
    }

    @Test func `readers meet whole rows while a writer writes`() async throws {
        // Every row a writer makes is one number, repeated: half a row would show.
        let shared = SharedVectorIndex(VectorIndex(dimension: 64, codedFrom: 100))
        func rows(_ value: Float) -> FloatRows {
            FloatRows(dimension: 64, values: [Float](repeating: value, count: 64 * 600))
        }
        try shared.update { try $0.append(rows(0), keys: (0..<600).map(key)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 1...60 {
                    try shared.update {
                        try $0.upsert(rows(Float(round)), keys: (0..<600).map(key))
                    }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<60 {
                        let found = try shared.snapshot().search(
                            [Float](repeating: 1, count: 64), limit: 600)
                        #expect(Set(found.map(\.score)).count == 1)
                        #expect(found.count == 600)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `names are told apart byte by byte and order ties`() throws {
        var index = NamedVectorIndex(dimension: 1)
        let names = ["b", "a", "", "\u{E9}", "e\u{301}", "Z"].map(VectorName.init)
        try index.append(
            FloatRows(dimension: 1, values: [Float](repeating: 1, count: 6)), keys: names)
        let found = try index.search([1], limit: 6).map(\.key.rawValue.utf8.count)
        #expect(index.count == 6 && found == [0, 1, 1, 1, 3, 2])
        #expect(throws: IndexError.duplicateName(VectorName(rawValue: "a"))) {
            try index.append(FloatRows(dimension: 1, values: [1]), keys: [names[1]])
        }
        let removed = index.remove(keys: [names[3]])
        #expect(removed == 1)
        #expect(index.contains(names[4]) && !index.contains(names[3]))
    }

    @Test func `named rows answer like a new index after changes`() throws {
        var generator = SeededGenerator(seed: 93)
        var index = NamedVectorIndex(dimension: 7, codedFrom: 50)
        var model: [VectorName: [Float]] = [:]
        for step in 0..<40 {
            let keys = Set((0..<20).map { _ in Int.random(in: 0..<300, using: &generator) })
                .map { VectorName(rawValue: "row/\($0)") }
            let rows = FloatRows(dimension: 7, values: generator.floats(7 * keys.count))
            if step % 3 == 2 {
                index.remove(keys: keys)
                for key in keys { model[key] = nil }
            } else {
                try index.upsert(rows, keys: keys)
                for (place, key) in keys.enumerated() { model[key] = Array(rows[place]) }
            }
        }
        try check(index, model, &generator)
    }
}
