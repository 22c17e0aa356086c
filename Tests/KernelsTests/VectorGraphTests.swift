import Kernels
import TestSupport
import Testing

struct VectorGraphTests {
    private static let scorings = [CodedRows.Scoring.innerProduct, .negatedSquaredDistance]

    private func near(_ rows: [[Float]], _ generator: inout SeededGenerator) -> [[Float]] {
        (0..<40).map { _ in
            let row = rows[Int.random(in: 0..<rows.count, using: &generator)]
            return zip(row, generator.floats(row.count)).map { $0 + 0.1 * $1 }
        }
    }

    @Test(arguments: [HardRows.random, .clustered, .duplicates, .constant, .offset, .nearTies])
    func `finds nearly all nearest rows`(kind: HardRows) {
        var generator = SeededGenerator(seed: 101)
        for scoring in Self.scorings {
            let values = kind.make(1500, 48, &generator)
            let graph = GraphRows(values, scoring)
            let recall = graph.recall(near(values, &generator), depth: 250)
            #expect(recall >= 0.95, "\(scoring): \(recall)")
        }
    }

    @Test(arguments: [HardRows.tiny, .huge, .denormal, .mixed])
    func `finds rows that codes say nothing of`(kind: HardRows) {
        var generator = SeededGenerator(seed: 102)
        let values = kind.make(600, 48, &generator)
        let graph = GraphRows(values, .innerProduct)
        let queries = (0..<20).map { _ in generator.floats(48) }
        #expect(graph.recall(queries, depth: 200) >= 0.95)
        if kind != .mixed {
            #expect(graph.graph.outside.count == 600)
            #expect(graph.recall(queries, depth: 1) == 1)
        }
    }

    @Test func `finds the few rows there are`() {
        var generator = SeededGenerator(seed: 103)
        for count in [1, 2, 3, 17, 65] {
            let values = HardRows.random.make(count, 5, &generator)
            var graph = GraphRows(values)
            for limit in [1, 10, 100] {
                #expect(graph.recall([generator.floats(5)], limit: limit, depth: 100) == 1)
            }
            for slot in 0..<count { _ = graph.remove(slot) }
            #expect(graph.found(generator.floats(5), 10, depth: 10).isEmpty)
            graph.write(values[0], to: count)
            #expect(graph.found(generator.floats(5), 10, depth: 10).map(\.slot) == [count])
        }
    }

    @Test func `scores have the bits of the exact scan`() {
        var generator = SeededGenerator(seed: 104)
        let values = HardRows.random.make(800, 100, &generator)
        for scoring in Self.scorings {
            let graph = GraphRows(values, scoring)
            for query in near(values, &generator) {
                let exact = Dictionary(
                    uniqueKeysWithValues: graph.exact(query, 800).map { ($0.slot, $0.score) })
                for entry in graph.found(query, 10, depth: 30) {
                    #expect(entry.score.bitPattern == exact[entry.slot]?.bitPattern)
                }
            }
        }
    }

    @Test(arguments: CodeKernels.available)
    func `is the same graph everywhere and for every run`(kernels: CodeKernels) {
        var generator = SeededGenerator(seed: 105)
        let values = HardRows.clustered.make(400, 70, &generator)
        let (graph, oracle) = (
            GraphRows(values, using: kernels), GraphRows(values, using: CodeKernels.available[0])
        )
        #expect(graph.graph.entries == oracle.graph.entries)
        for slot in 0..<400 {
            #expect(graph.graph.neighbours(of: slot) == oracle.graph.neighbours(of: slot))
        }
        let query = generator.floats(70)
        #expect(
            graph.found(query, 9, depth: 20, using: kernels)
                == oracle.found(query, 9, depth: 20, using: CodeKernels.available[0]))
    }

    @Test func `no edge leads to the row itself, twice to one row, or out of the slots`() {
        var generator = SeededGenerator(seed: 106)
        var graph = GraphRows(HardRows.duplicates.make(700, 20, &generator))
        for slot in stride(from: 0, to: 700, by: 3) { _ = graph.remove(slot) }
        for slot in 0..<700 {
            let ends = graph.graph.neighbours(of: slot)
            #expect(Set(ends).count == ends.count && !ends.contains(slot))
            #expect(ends.allSatisfy { (0..<700).contains($0) })
        }
    }

    @Test func `a copy keeps its graph`() {
        var generator = SeededGenerator(seed: 107)
        let values = HardRows.random.make(600, 24, &generator)
        var graph = GraphRows(values)
        let copy = graph
        let query = generator.floats(24)
        let before = copy.found(query, 20, depth: 40)
        let edges = (0..<600).map { copy.graph.neighbours(of: $0) }
        for slot in before.map(\.slot) { _ = graph.remove(slot) }
        for slot in 600..<900 { graph.write(generator.floats(24), to: slot) }
        #expect(copy.found(query, 20, depth: 40) == before)
        #expect((0..<600).map { copy.graph.neighbours(of: $0) } == edges)
    }

    @Test func `as many rows as are wanted are found however few are followed`() {
        var generator = SeededGenerator(seed: 108)
        let values = HardRows.random.make(1200, 48, &generator)
        var graph = GraphRows(values)
        for query in near(values, &generator) {
            #expect(graph.found(query, 10, depth: 2).count == 10)
        }
        // Of rows of which half pass, too.
        for slot in 0..<1200 where slot % 2 > 0 { graph.live.set(slot, false) }
        for query in near(values, &generator) {
            #expect(graph.found(query, 10, depth: 12).count == 10)
        }
    }
}
