import Kernels
import TestSupport

/// Rows with a graph over them, and the exact answers to hold it against.
struct GraphRows {
    var rows: CodedRows
    var graph: VectorGraph
    var live = SlotSet()

    init(
        _ values: [[Float]], _ scoring: CodedRows.Scoring = .innerProduct,
        using kernels: CodeKernels = .current,
        _ shape: (inout VectorGraph.Parameters) -> Void = { _ in }
    ) {
        var parameters = VectorGraph.Parameters()
        parameters.degree = 16
        parameters.buildDepth = 32
        parameters.buildWidth = 48
        shape(&parameters)
        rows = CodedRows(dimension: values[0].count, scoring: scoring)
        graph = VectorGraph(parameters: parameters)
        rows.resize(to: values.count)
        for (slot, row) in values.enumerated() { rows.write(row[...], to: slot) }
        rows.code(seed: 5)
        for slot in values.indices {
            graph.insert(slot: slot, rows: rows, using: kernels)
            live.set(slot, true)
        }
    }

    mutating func write(_ row: [Float], to slot: Int) {
        if slot >= rows.count { rows.resize(to: slot + 1) }
        rows.write(row[...], to: slot)
        graph.insert(slot: slot, rows: rows)
        live.set(slot, true)
    }

    mutating func remove(_ slot: Int) -> [Int] {
        live.set(slot, false)
        return graph.remove(slot: slot, rows: rows)
    }

    func exact(_ query: [Float], _ limit: Int) -> [Nearest.Entry] {
        var nearest = [Nearest(limit: limit) { $0 < $1 }]
        rows.scan(
            [RowQuery(query, for: rows)], slots: 0..<rows.count, allowed: live, nearest: &nearest)
        return nearest[0].sorted()
    }

    func found(
        _ query: [Float], _ limit: Int, depth: Int, using kernels: CodeKernels = .current
    ) -> [Nearest.Entry] {
        var nearest = Nearest(limit: limit) { $0 < $1 }
        _ = graph.search(
            RowQuery(query, for: rows, using: kernels), in: rows, depth: depth, allowed: live,
            nearest: &nearest, using: kernels)
        return nearest.sorted()
    }

    /// The share of the exact answers that were found; a row that ties with the last one counts, but
    /// for the last bits of a score.
    func recall(_ queries: [[Float]], limit: Int = 10, depth: Int) -> Double {
        var (hits, wanted) = (0, 0)
        for query in queries {
            let exact = exact(query, limit)
            guard let last = exact.last?.score else { continue }
            wanted += exact.count
            let least = last - last.magnitude * 1e-5
            hits += found(query, limit, depth: depth).count { $0.score >= least }
        }
        return Double(hits) / Double(max(1, wanted))
    }
}
