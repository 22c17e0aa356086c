import Kernels
import TestSupport
import Testing

struct RowScanTests {
    private func coded(_ rows: [[Float]], _ scoring: CodedRows.Scoring) -> CodedRows {
        var coded = CodedRows(dimension: rows[0].count, scoring: scoring)
        coded.resize(to: rows.count)
        for (slot, row) in rows.enumerated() { coded.write(row[...], to: slot) }
        coded.code(seed: 9)
        return coded
    }

    private func queries(_ rows: [[Float]], _ generator: inout SeededGenerator) -> [[Float]] {
        let dimension = rows[0].count
        let near = rows[Int.random(in: 0..<rows.count, using: &generator)]
        return [
            generator.floats(dimension), near, near.map { $0 * 3 }, near.map { -$0 },
            [Float](repeating: 0, count: dimension),
            generator.floats(dimension).map { $0 * 0x1p60 },
        ]
    }

    /// Every row scored by plain C, then sorted.
    private func brute(
        _ query: RowQuery, _ rows: CodedRows, limit: Int, allowed: SlotSet?
    ) -> [Nearest.Entry] {
        var all = Nearest(limit: rows.count) { $0 > $1 }
        let scores = rows.scores(of: query, using: CodeKernels.available[0])
        for (slot, score) in scores.enumerated() where allowed?.contains(slot) ?? true {
            all.insert(slot: slot, score: score)
        }
        return Array(all.sorted().prefix(limit))
    }

    private func bits(_ entries: [Nearest.Entry]) -> [[UInt64]] {
        entries.map { [UInt64($0.slot), UInt64($0.score.bitPattern)] }
    }

    @Test(arguments: CodeKernels.available, HardRows.allCases)
    func `no score exceeds its bound`(kernels: CodeKernels, kind: HardRows) {
        var generator = SeededGenerator(seed: 71)
        for dimension in [1, 2, 63, 64, 65, 100, 128, 256, 384] {
            let rows = kind.make(150, dimension, &generator)
            for scoring in [CodedRows.Scoring.innerProduct, .negatedSquaredDistance] {
                let coded = coded(rows, scoring)
                for query in queries(rows, &generator) {
                    let prepared = RowQuery(query, for: coded, using: kernels)
                    guard let bounds = coded.bounds(of: prepared, using: kernels) else { continue }
                    let scores = coded.scores(of: prepared, using: kernels)
                    for (score, bound) in zip(scores, bounds) {
                        #expect(!(bound < score), "\(dimension) \(scoring): \(score) > \(bound)")
                    }
                    let oracle = coded.bounds(
                        of: RowQuery(query, for: coded, using: CodeKernels.available[0]),
                        using: CodeKernels.available[0])
                    #expect(bounds.map(\.bitPattern) == oracle?.map(\.bitPattern))
                }
            }
        }
    }

    @Test(arguments: CodeKernels.available)
    func `estimates are near the scores, with the same bits everywhere`(kernels: CodeKernels) {
        var generator = SeededGenerator(seed: 75)
        for dimension in [64, 100, 192, 256, 384] {
            let rows = HardRows.offset.make(150, dimension, &generator).map { $0.map { $0 / 100 } }
            for scoring in [CodedRows.Scoring.innerProduct, .negatedSquaredDistance] {
                let coded = coded(rows, scoring)
                let slots = [149, 3, 3, 77, 0, 12, 140, 41, 9, 8, 7].prefix(dimension / 20)
                for query in [rows[5], generator.floats(dimension)] {
                    let prepared = RowQuery(query, for: coded, using: kernels)
                    let found = coded.estimates(of: prepared, slots: Array(slots), using: kernels)
                    let oracle = coded.estimates(
                        of: RowQuery(query, for: coded, using: CodeKernels.available[0]),
                        slots: Array(slots), using: CodeKernels.available[0])
                    #expect(found?.map(\.bitPattern) == oracle?.map(\.bitPattern))
                    let scores = coded.scores(of: prepared, using: kernels)
                    let bounds = coded.bounds(of: prepared, using: kernels)
                    for (slot, estimate) in zip(slots, found ?? []) {
                        // Half of what a bound grants, as codes err in random directions.
                        let slack = (bounds?[slot] ?? 0) - scores[slot]
                        #expect((estimate - scores[slot]).magnitude < slack / 2)
                    }
                    #expect(found?.count == slots.count)
                }
            }
        }
    }

    @Test(arguments: CodeKernels.available, HardRows.allCases)
    func `answers are those of scoring every row`(kernels: CodeKernels, kind: HardRows) {
        var generator = SeededGenerator(seed: 72)
        for (count, dimension) in [
            (1, 3), (9, 64), (700, 1), (1300, 100), (700, 256), (300, 384), (300, 192), (90, 576),
            (2600, 64),
        ] {
            let rows = kind.make(count, dimension, &generator)
            for scoring in [CodedRows.Scoring.innerProduct, .negatedSquaredDistance] {
                let coded = coded(rows, scoring)
                let prepared = queries(rows, &generator).map {
                    RowQuery($0, for: coded, using: kernels)
                }
                var some = SlotSet()
                for slot in 0..<count where generator.next() % 3 == 0 { some.set(slot, true) }
                var most = SlotSet()
                for slot in 0..<count where slot % 50 != 0 { most.set(slot, true) }
                for limit in [1, 10, 200] {
                    for allowed in [nil, some, most] {
                        let expected = prepared.map {
                            bits(brute($0, coded, limit: limit, allowed: allowed))
                        }
                        // All at once, then those that have codes, then each alone.
                        let groups =
                            [Array(prepared.indices), [0, 1, 2, 3]] + prepared.indices.map { [$0] }
                        for group in groups {
                            var found = [Nearest](
                                repeating: Nearest(limit: limit) { $0 > $1 }, count: group.count)
                            coded.scan(
                                group.map { prepared[$0] }, slots: 0..<count, allowed: allowed,
                                nearest: &found, using: kernels)
                            #expect(
                                found.map { bits($0.sorted()) } == group.map { expected[$0] },
                                "\(count) × \(dimension), \(scoring), limit \(limit)")
                        }
                    }
                }
            }
        }
    }

    @Test func `codes spare nearly all scores`() {
        var generator = SeededGenerator(seed: 73)
        let coded = coded(HardRows.random.make(20_000, 128, &generator), .innerProduct)
        var found = [Nearest(limit: 10) { $0 < $1 }]
        coded.scan(
            [RowQuery(generator.floats(128), for: coded)], slots: 0..<20_000, allowed: nil,
            nearest: &found)
        #expect(found[0].evaluations < 1000)
    }

    @Test func `a copy keeps its rows`() {
        var generator = SeededGenerator(seed: 74)
        let rows = HardRows.random.make(1100, 64, &generator)
        var changed = coded(rows, .innerProduct)
        let copy = changed
        for slot in [0, 511, 512, 1099] { changed.write(rows[5][...], to: slot) }
        #expect(copy[0] == rows[0] && copy[511] == rows[511] && copy[1099] == rows[1099])
        #expect(changed[0] == rows[5] && changed[1099] == rows[5] && changed[1] == rows[1])
        let query = RowQuery(rows[0], for: copy)
        #expect(copy.bounds(of: query) == coded(rows, .innerProduct).bounds(of: query))
    }
}
