public import Kernels

extension KeyedVectorIndex {
    /// Adds rows under their keys.
    ///
    /// - Throws: `IndexError`, `.duplicateKey` for a key that is there already too; then none of
    ///   the rows was added.
    /// - Complexity: O(rows · dimension).
    public mutating func append(_ rows: FloatRows, keys: [Key]) throws(IndexError) {
        try check(rows, keys)
        for key in keys where contains(key) { throw key.duplicateError }
        try put(rows, keys)
    }

    /// Puts rows under their keys, in place of those that are there.
    ///
    /// - Throws: `IndexError`, `.duplicateKey` for a key that is given twice; then nothing was
    ///   changed.
    /// - Complexity: O(rows · dimension), and a copy of the slabs that a snapshot shares.
    public mutating func upsert(_ rows: FloatRows, keys: [Key]) throws(IndexError) {
        try check(rows, keys)
        try put(rows, keys)
    }

    /// Takes rows away; no search finds them any more.
    ///
    /// Their slots are free for other rows at once, or with a graph once no edge leads there.
    ///
    /// - Returns: how many there were.
    /// - Complexity: O(keys), with a graph that of a search each.
    @discardableResult
    public mutating func remove(keys: some Sequence<Key>) -> Int {
        var removed = 0
        dropUnsoundGraph()
        for key in keys {
            guard let slot = self.keys.remove(key) else { continue }
            live.set(slot, false)
            retire(slot)
            removed += 1
        }
        if removed > 0 { revision = IndexRevision() }
        return removed
    }

    /// Moves rows from the end into free slots and gives back the memory behind them.
    ///
    /// - Parameter limit: the most rows moved; call again to go on, between searches.
    /// - Returns: whether no free slot is left.
    /// - Throws: `.damaged`; then nothing was moved.
    /// - Complexity: O(moved · dimension + free slots · log).
    @discardableResult
    public mutating func compact(limit: Int = .max) throws(IndexError) -> Bool {
        guard rows.isIntact else { throw .damaged }
        dropUnsoundGraph()
        free += approximate?.graph.finishSweep(rows: rows) ?? []
        guard !free.isEmpty else { return true }
        revision = IndexRevision()
        // The lowest slots are filled first, so that the end becomes free.
        free.sort(by: >)
        var end = keys.slotCount
        var moves: [(from: Int, to: Int)] = []
        while !free.isEmpty {
            while end > 0, !live.contains(end - 1) { end -= 1 }
            guard let hole = free.last, hole < end, moves.count < limit else { break }
            free.removeLast()
            rows.move(from: end - 1, to: hole)
            keys.insert(keys[end - 1], into: hole)
            live.set(end - 1, false)
            live.set(hole, true)
            moves.append((end - 1, hole))
        }
        while end > 0, !live.contains(end - 1) { end -= 1 }
        free.removeAll { $0 >= end }
        keys.truncate(to: end)
        rows.resize(to: end)
        approximate?.graph.move(moves, count: end)
        return free.isEmpty
    }

    /// What is written into a damaged part of a file would look sound from then on.
    private func checkTargets(of keys: [Key]) throws(IndexError) {
        guard origin != 0 else { return }
        var new = 0
        for key in keys {
            let slot = self.keys.slot(of: key) ?? free.dropLast(new).last
            if self.keys.slot(of: key) == nil { new += 1 }
            guard slot.map(rows.isIntact) ?? true else { throw .damaged }
        }
        let end = self.keys.slotCount
        guard end == 0 || rows.isIntact(end - 1), !willCode(adding: new) || rows.isIntact else {
            throw .damaged
        }
    }

    private func willCode(adding new: Int) -> Bool {
        !rows.isCoded && count + new >= codedFrom
    }

    private func check(_ rows: FloatRows, _ keys: [Key]) throws(IndexError) {
        guard rows.dimension == dimension else {
            throw .dimension(expected: dimension, found: rows.dimension)
        }
        guard rows.count == keys.count else {
            throw .keyCount(rows: rows.count, keys: keys.count)
        }
        if let index = rows.values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(row: index / dimension)
        }
        var new: Set<Key> = []
        new.reserveCapacity(keys.count)
        for key in keys where !new.insert(key).inserted { throw key.duplicateError }
    }

    private mutating func put(_ rows: FloatRows, _ keys: [Key]) throws(IndexError) {
        guard !keys.isEmpty else { return }
        try checkTargets(of: keys)
        dropUnsoundGraph()
        revision = IndexRevision()
        var rows = rows
        if metric == .cosine { rows.normalize() }
        for (row, key) in keys.enumerated() {
            if let slot = self.keys.slot(of: key) {
                guard approximate != nil else {
                    self.rows.write(rows[row], to: slot)
                    continue
                }
                // Edges lead to the row as it was, so another slot takes the new one.
                live.set(slot, false)
                retire(slot)
            }
            let slot = free.popLast() ?? self.keys.slotCount
            if slot == self.rows.count { self.rows.resize(to: slot + 1) }
            self.rows.write(rows[row], to: slot)
            self.keys.insert(key, into: slot)
            live.set(slot, true)
            link(slot)
        }
        if count >= codedFrom { code() }
    }

    /// Codes the rows, where they are not yet.
    mutating func code() {
        rows.code(seed: 0x5EED_0F_C0DE5)
    }
}
