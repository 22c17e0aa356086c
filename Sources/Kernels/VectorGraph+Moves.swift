extension VectorGraph {
    /// The slots of removed rows that are not released yet.
    public var waitingSlots: [Int] { sweep.leaving.slots + sweep.waiting.slots }

    /// Makes room for slots without rows.
    public mutating func extend(to count: Int) {
        if count > slotCount { resize(to: count) }
    }

    /// Follows rows that were moved from the end into free slots, and gives up the slots behind.
    ///
    /// - Parameters:
    ///   - moves: from where to where, in the order of the moves.
    ///   - count: the number of slots left; every slot moved from lies behind.
    /// - Precondition: nothing waits to be swept.
    /// - Complexity: O(slots · degree).
    public mutating func move(_ moves: [(from: Int, to: Int)], count: Int) {
        precondition(sweep.count == 0, "edges may lead to slots that are used again")
        var places: [UInt32: UInt32] = [:]
        for (source, target) in moves {
            places[UInt32(source)] = UInt32(target)
            edges.mutableRow(target).copyMemory(
                from: edges.row(source), byteCount: edges.rowBytes)
            outside.set(target, outside.contains(source))
            outside.set(source, false)
        }
        resize(to: count)
        for slot in 0..<UInt32(count) {
            let row = self.row(slot)
            guard (0..<Int(row[0])).contains(where: { row[1 + $0] >= count }) else { continue }
            let edges = mutableRow(slot)
            for place in 1...Int(edges[0]) { edges[place] = places[edges[place]] ?? edges[place] }
        }
        entries = entries.map { places[$0] ?? $0 }
    }
}
