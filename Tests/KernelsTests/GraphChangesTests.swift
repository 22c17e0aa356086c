import Kernels
import TestSupport
import Testing

struct GraphChangesTests {
    @Test func `half the rows replaced leave recall as a fresh graph has it`() {
        var generator = SeededGenerator(seed: 111)
        let kinds = [HardRows.random, .clustered]
        for kind in kinds {
            let values = kind.make(4000, 32, &generator)
            var graph = GraphRows(Array(values[..<2000]))
            var free: [Int] = []
            var places = Array(0..<2000)
            places.shuffle(using: &generator)
            var latest = Array(values[..<2000])
            for (number, slot) in places[..<1000].enumerated() {
                free += graph.remove(slot)
                let target = free.popLast() ?? graph.rows.count
                graph.write(values[2000 + number], to: target)
                if target == latest.count { latest.append([]) }
                latest[target] = values[2000 + number]
            }
            #expect(graph.live.count == 2000)
            // Slots wait for two passes at most, each of which takes a step a removal.
            #expect(graph.rows.count <= 2000 + 2 * (2100 / 64 + 2))
            let fresh = GraphRows(
                (0..<graph.rows.count).filter { graph.live.contains($0) }.map { latest[$0] })
            let queries = values[3000...].prefix(300).map { $0 }
            let (churned, built) = (
                graph.recall(queries, depth: 40), fresh.recall(queries, depth: 40)
            )
            #expect(churned >= built - 0.03, "\(kind): \(churned), fresh \(built)")
        }
    }

    @Test func `removed rows are never found, and released only when no edge leads there`() {
        var generator = SeededGenerator(seed: 112)
        let values = HardRows.clustered.make(900, 16, &generator)
        var graph = GraphRows(values)
        var removed = SlotSet()
        func edgesLead(to slots: [Int]) -> Bool {
            let gone = Set(slots)
            return (0..<900).contains { !gone.isDisjoint(with: graph.graph.neighbours(of: $0)) }
        }
        for slot in (0..<900).shuffled(using: &generator).prefix(600) {
            let released = graph.remove(slot)
            removed.set(slot, true)
            #expect(!edgesLead(to: released))
            let found = graph.found(values[slot], 10, depth: 30)
            #expect(!found.contains { removed.contains($0.slot) })
            var all = Nearest(limit: 10) { $0 < $1 }
            _ = graph.graph.search(
                RowQuery(values[slot], for: graph.rows), in: graph.rows, depth: 30, allowed: nil,
                nearest: &all)
            #expect(!all.sorted().contains { removed.contains($0.slot) })
        }
        let rest = graph.graph.finishSweep(rows: graph.rows)
        #expect(!rest.isEmpty && graph.graph.sweep.count == 0)
        #expect(
            !edgesLead(
                to: removed.words.indices.flatMap { word in
                    (0..<64).map { word * 64 + $0 }.filter { removed.contains($0) }
                }))
        #expect(graph.recall(values, depth: 60) >= 0.95)
    }

    @Test func `moved rows are found where they went`() {
        var generator = SeededGenerator(seed: 113)
        let values = HardRows.random.make(500, 16, &generator)
        var graph = GraphRows(values)
        for slot in 0..<100 { _ = graph.remove(slot) }
        _ = graph.graph.finishSweep(rows: graph.rows)
        let queries = values.map { $0 }
        let before = graph.recall(queries, depth: 50)
        let moves = (0..<100).map { (from: 499 - $0, to: $0) }
        for (source, target) in moves {
            graph.rows.move(from: source, to: target)
            graph.live.set(source, false)
            graph.live.set(target, true)
        }
        graph.rows.resize(to: 400)
        graph.graph.move(moves, count: 400)
        #expect(graph.graph.slotCount == 400)
        #expect(graph.recall(queries, depth: 50) >= before - 0.002)
        for slot in 0..<400 {
            #expect(graph.graph.neighbours(of: slot).allSatisfy { (0..<400).contains($0) })
        }
    }
}
