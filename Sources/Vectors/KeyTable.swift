/// Which key stands in which slot, both ways.
///
/// Kept in parts, so that a change after a copy copies one part and not the whole.
struct KeyTable<Key: IndexKey>: Sendable {
    private static var shardCount: Int { 256 }
    private static var chunkSize: Int { 1024 }

    private var shards = [[Key: Int]](repeating: [:], count: KeyTable.shardCount)
    private var chunks: [[Key]] = []
    /// The number of slots that have had a key.
    private(set) var slotCount = 0

    /// The slot of a key.
    func slot(of key: Key) -> Int? {
        shards[shard(key)][key]
    }

    /// The key in a slot: the last one it had, where it has none now.
    subscript(slot: Int) -> Key {
        chunks[slot / KeyTable.chunkSize][slot % KeyTable.chunkSize]
    }

    /// Puts a key into a slot that is free, or the next one.
    mutating func insert(_ key: Key, into slot: Int) {
        shards[shard(key)][key] = slot
        if slot < slotCount {
            chunks[slot / KeyTable.chunkSize][slot % KeyTable.chunkSize] = key
            return
        }
        if slotCount % KeyTable.chunkSize == 0 { chunks.append([]) }
        chunks[chunks.count - 1].append(key)
        slotCount += 1
    }

    /// Forgets where a key stands.
    mutating func remove(_ key: Key) -> Int? {
        shards[shard(key)].removeValue(forKey: key)
    }

    /// Drops the slots from `count` on; their keys were removed.
    mutating func truncate(to count: Int) {
        while slotCount > count {
            chunks[chunks.count - 1].removeLast()
            slotCount -= 1
            if slotCount % KeyTable.chunkSize == 0 { chunks.removeLast() }
        }
    }

    private func shard(_ key: Key) -> Int {
        key.hashValue & (KeyTable.shardCount - 1)
    }
}
