public import Kernels

/// What a search with a method found, and how.
public struct VectorAnswer<Key: IndexKey>: Sendable, Equatable {
    /// The rows, best first.
    public let matches: [VectorMatch<Key>]
    /// How it went, and what it should have cost.
    public let plan: SearchPlan
    /// What was done in the graph; nil where it was not asked.
    public let effort: VectorGraph.Effort?
    /// Whether the graph found too few rows, or gave up, and the exact answer was taken.
    public let isFallback: Bool
    /// How many rows were scored in f32.
    public let evaluations: Int
}

extension KeyedVectorIndex {
    /// The nearest rows, best first, found by the method that costs least, or the one that is named.
    ///
    /// Through the graph a row may be missed; the scores of those returned are those of an exact
    /// search, bit by bit, and there are as many of them as pass, up to the limit.
    ///
    /// - Parameters:
    ///   - query: `dimension` finite values.
    ///   - limit: the most rows returned.
    ///   - filter: the rows that may be returned; nil for all.
    ///   - method: how to search; where there is no graph, exactly.
    ///   - depth: how many rows the graph follows, in place of what was learnt.
    /// - Returns: keys with scores, and how they were found.
    /// - Throws: `.dimension`, `.notFinite`, `.staleFilter`, `.damaged`.
    public func search(
        _ query: some Collection<Float>, limit: Int, filter: VectorFilter? = nil,
        method: SearchMethod, depth: Int? = nil
    ) throws(IndexError) -> VectorAnswer<Key> {
        let queries = try check(Array(query), filter)
        let plan = plan(limit: limit, filter: filter, method: method, depth: depth, batch: 1)
        return try answer(prepare(queries)[0], limit, filter, plan)
    }

    /// The nearest rows of each query, by one plan for all of them.
    ///
    /// - Throws: `.dimension`, `.notFinite` with the number of the query, `.staleFilter`,
    ///   `.damaged`.
    public func search(
        _ queries: FloatRows, limit: Int, filter: VectorFilter? = nil, method: SearchMethod,
        depth: Int? = nil
    ) throws(IndexError) -> [VectorAnswer<Key>] {
        try check(queries, filter)
        let plan = plan(
            limit: limit, filter: filter, method: method, depth: depth, batch: queries.count)
        if case .graph = plan.method {
            return try prepare(queries).map { query throws(IndexError) in
                try answer(query, limit, filter, plan)
            }
        }
        let found = try search(queries, limit: limit, filter: filter)
        return found.map {
            VectorAnswer(
                matches: $0, plan: plan, effort: nil, isFallback: false, evaluations: 0)
        }
    }

    /// How a search would go.
    ///
    /// - Complexity: O(1).
    public func plan(
        limit: Int, filter: VectorFilter? = nil, method: SearchMethod = .automatic,
        depth: Int? = nil, batch: Int = 1
    ) -> SearchPlan {
        let hasGraph = method != .exact && isGraphSound
        var reach = hasGraph ? approximate?.learned?.reach(limit: limit) : nil
        if hasGraph, method == .graph || depth != nil {
            let depth = max(1, depth ?? reach?.depth ?? 4 * limit)
            reach = SearchPlan.Reach(
                depth: depth,
                estimates: reach.map { $0.estimates * Double(depth) / Double($0.depth) }
                    ?? Double(24 * depth))
        }
        return SearchPlan(
            SearchPlan.Situation(
                slots: keys.slotCount, matches: filter?.count ?? count, isCoded: rows.isCoded,
                batch: batch, reach: reach),
            costs: costs, wanted: method)
    }

    private func answer(
        _ query: RowQuery, _ limit: Int, _ filter: VectorFilter?, _ plan: SearchPlan
    ) throws(IndexError) -> VectorAnswer<Key> {
        let passing = filter?.count ?? count
        guard limit > 0, passing > 0 else {
            return VectorAnswer(
                matches: [], plan: plan, effort: nil, isFallback: false, evaluations: 0)
        }
        var nearest = empty(1, limit: limit, minimum: -.infinity)
        var effort: VectorGraph.Effort?
        var isFallback = false
        if case .graph(let depth, let estimates) = plan.method, let graph = approximate?.graph {
            effort = graph.search(
                query, in: rows, depth: depth, allowed: allowed(filter), estimates: estimates,
                nearest: &nearest[0])
            isFallback =
                effort?.isCutShort ?? true || nearest[0].count < min(limit, passing)
        }
        if effort == nil || isFallback {
            nearest = empty(1, limit: limit, minimum: -.infinity)
            rows.scan(
                [query], slots: 0..<keys.slotCount, allowed: allowed(filter), nearest: &nearest)
        }
        guard !nearest[0].metDamage else { throw .damaged }
        return VectorAnswer(
            matches: matches(nearest[0]), plan: plan, effort: effort, isFallback: isFallback,
            evaluations: nearest[0].evaluations)
    }
}
