public import Kernels

/// A row that matched; greater is nearer.
public struct VectorMatch<Key: IndexKey>: Sendable, Equatable {
    /// The row.
    public let key: Key
    /// Its score by the index's metric.
    public let score: Float
}

extension KeyedVectorIndex {
    /// The nearest rows, best first.
    ///
    /// - Parameters:
    ///   - query: `dimension` finite values.
    ///   - limit: the most rows returned; fewer only where fewer pass.
    ///   - filter: the rows looked at; nil for all.
    /// - Returns: keys with scores.
    /// - Throws: `.dimension`, `.notFinite`, `.staleFilter`, `.damaged`.
    /// - Complexity: O(count · dimension) at worst; of most rows an eighth of the bytes is read.
    public func search(
        _ query: some Collection<Float>, limit: Int, filter: VectorFilter? = nil
    ) throws(IndexError) -> [VectorMatch<Key>] {
        let queries = try check(Array(query), filter)
        return try answers(queries, limit: limit, minimum: -.infinity, filter).matches[0]
    }

    /// The rows whose score is `minimum` or more, best first.
    ///
    /// - Parameters:
    ///   - query: `dimension` finite values.
    ///   - minimum: the least score, no NaN: an inner product, a cosine, or a negated squared
    ///     distance.
    ///   - limit: the most rows returned.
    ///   - filter: the rows looked at; nil for all.
    /// - Returns: keys with scores.
    /// - Throws: `.dimension`, `.notFinite`, `.staleFilter`, `.damaged`.
    public func search(
        _ query: some Collection<Float>, scoring minimum: Float, limit: Int = .max,
        filter: VectorFilter? = nil
    ) throws(IndexError) -> [VectorMatch<Key>] {
        let queries = try check(Array(query), filter)
        guard !minimum.isNaN else { throw .notFinite(row: 0) }
        return try answers(queries, limit: limit, minimum: minimum, filter).matches[0]
    }

    /// The nearest rows of each query, as `search` of that query alone would give them.
    ///
    /// Rows are read once for all queries.
    ///
    /// - Throws: `.dimension`, `.notFinite` with the number of the query, `.staleFilter`,
    ///   `.damaged`.
    public func search(
        _ queries: FloatRows, limit: Int, filter: VectorFilter? = nil
    ) throws(IndexError) -> [[VectorMatch<Key>]] {
        try search(batch: queries, limit: limit, filter: filter).matches
    }

    /// The same, with the number of rows that were scored in f32 for all queries together.
    public func search(
        batch queries: FloatRows, limit: Int, filter: VectorFilter? = nil
    ) throws(IndexError) -> (matches: [[VectorMatch<Key>]], evaluations: Int) {
        try check(queries, filter)
        return try answers(queries, limit: limit, minimum: -.infinity, filter)
    }

    /// The nearest rows of each query, found by several tasks at once; the answers are the same.
    ///
    /// The rows are split among the tasks, and what one has found spares the others work.
    ///
    /// - Parameters:
    ///   - queries: rows of `dimension` finite values.
    ///   - limit: the most rows returned for each query.
    ///   - filter: the rows looked at; nil for all.
    ///   - tasks: how many; at least 1.
    /// - Returns: the matches of each query, best first, and the number of rows that were scored in
    ///   f32 for all queries together, which depends on how the tasks ran.
    /// - Throws: `.dimension`, `.notFinite` with the number of the query, `.staleFilter`,
    ///   `.damaged`.
    @concurrent
    public func search(
        _ queries: FloatRows, limit: Int, filter: VectorFilter? = nil, tasks: Int
    ) async throws(IndexError) -> (matches: [[VectorMatch<Key>]], evaluations: Int) {
        try check(queries, filter)
        guard limit > 0, count > 0 else { return (empty(queries.count), 0) }
        let prepared = prepare(queries)
        let shared = prepared.map { _ in SharedThreshold() }
        let start = empty(prepared.count, limit: limit, minimum: -.infinity)
        // Whole words of bits, and about as many rows for each.
        let share = (keys.slotCount / max(1, tasks) + 64) / 64 * 64
        let parts = stride(from: 0, to: keys.slotCount, by: share).map {
            $0..<min($0 + share, keys.slotCount)
        }
        let found = await withTaskGroup(of: [Nearest].self) { group in
            for part in parts {
                group.addTask {
                    var nearest = start
                    rows.scan(
                        prepared, slots: part, allowed: allowed(filter), nearest: &nearest,
                        shared: shared)
                    return nearest
                }
            }
            var whole = start
            for await part in group {
                for index in whole.indices { whole[index].merge(part[index]) }
            }
            return whole
        }
        guard !found.contains(where: \.metDamage) else { throw .damaged }
        return (found.map(matches), found.reduce(0) { $0 + $1.evaluations })
    }

    func check(
        _ query: [Float], _ filter: VectorFilter?
    ) throws(IndexError) -> FloatRows {
        // The length before its multiple: FloatRows wants whole rows.
        guard query.count == dimension else {
            throw .dimension(expected: dimension, found: query.count)
        }
        let queries = FloatRows(dimension: dimension, values: query)
        try check(queries, filter)
        return queries
    }

    func check(_ queries: FloatRows, _ filter: VectorFilter?) throws(IndexError) {
        guard queries.dimension == dimension else {
            throw .dimension(expected: dimension, found: queries.dimension)
        }
        if let index = queries.values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(row: index / dimension)
        }
        if let filter, filter.revision !== revision { throw .staleFilter }
    }

    func prepare(_ queries: FloatRows) -> [RowQuery] {
        var queries = queries
        if metric == .cosine { queries.normalize() }
        return (0..<queries.count).map { RowQuery(Array(queries[$0]), for: rows) }
    }

    func empty(_ count: Int, limit: Int, minimum: Float) -> [Nearest] {
        let keys = keys
        let nearest = Nearest(limit: limit, minimum: minimum) { keys[$0] < keys[$1] }
        return [Nearest](repeating: nearest, count: count)
    }

    private func empty(_ count: Int) -> [[VectorMatch<Key>]] {
        [[VectorMatch<Key>]](repeating: [], count: count)
    }

    func allowed(_ filter: VectorFilter?) -> SlotSet? {
        filter?.slots ?? (count == keys.slotCount ? nil : live)
    }

    @specialized(where Key == VectorKey)
    @specialized(where Key == VectorName)
    func matches(_ nearest: Nearest) -> [VectorMatch<Key>] {
        nearest.sorted().map { VectorMatch(key: keys[$0.slot], score: $0.score) }
    }

    private func answers(
        _ queries: FloatRows, limit: Int, minimum: Float, _ filter: VectorFilter?
    ) throws(IndexError) -> (matches: [[VectorMatch<Key>]], evaluations: Int) {
        guard limit > 0, count > 0 else { return (empty(queries.count), 0) }
        var nearest = empty(queries.count, limit: limit, minimum: minimum)
        rows.scan(
            prepare(queries), slots: 0..<keys.slotCount, allowed: allowed(filter),
            nearest: &nearest)
        guard !nearest.contains(where: \.metDamage) else { throw .damaged }
        return (nearest.map(matches), nearest.reduce(0) { $0 + $1.evaluations })
    }
}
