internal import Kernels
internal import Synchronization

/// Which key stands in which slot, both ways.
///
/// Kept in parts, so that a change after a copy copies one part and not the whole.
struct KeyTable<Key: IndexKey>: Sendable {
    /// How many keys a chunk holds, in memory and in files.
    static var chunkSize: Int { 8192 }

    private var directory = KeyDirectory<Key>()
    private(set) var chunks: [[Key]] = []
    /// Where each chunk stands in a file; nil where it was changed since.
    var saved: [SavedChunk?] = []
    /// The number of slots that have had a key.
    private(set) var slotCount = 0

    /// No keys.
    init() {}

    /// The keys of a file, slot by slot; which of them are live is looked at when a key is first
    /// asked for.
    init(chunks: [[Key]], live: SlotSet, saved: [SavedChunk]) {
        self.chunks = chunks
        self.saved = saved
        slotCount = chunks.reduce(0) { $0 + $1.count }
        directory = KeyDirectory(chunks: chunks, live: live)
    }

    /// The slot of a key.
    func slot(of key: Key) -> Int? {
        directory.slot(of: key)
    }

    /// The key in a slot: the last one it had, where it has none now.
    subscript(slot: Int) -> Key {
        chunks[slot / KeyTable.chunkSize][slot % KeyTable.chunkSize]
    }

    /// Puts a key into a slot that is free, or the next one.
    mutating func insert(_ key: Key, into slot: Int) {
        directory.set(key, slot)
        let chunk = slot / KeyTable.chunkSize
        if slot < slotCount {
            chunks[chunk][slot % KeyTable.chunkSize] = key
            saved[chunk] = nil
            return
        }
        if slotCount % KeyTable.chunkSize == 0 {
            chunks.append([])
            saved.append(nil)
        }
        chunks[chunk].append(key)
        saved[chunk] = nil
        slotCount += 1
    }

    /// Forgets where a key stands.
    mutating func remove(_ key: Key) -> Int? {
        directory.set(key, nil)
    }

    /// Drops the slots from `count` on; their keys were removed.
    mutating func truncate(to count: Int) {
        while slotCount > count {
            chunks[chunks.count - 1].removeLast()
            saved[chunks.count - 1] = nil
            slotCount -= 1
            if slotCount % KeyTable.chunkSize == 0 {
                chunks.removeLast()
                saved.removeLast()
            }
        }
    }
}

/// Where each key stands, in parts.
///
/// Made from a file's keys only when a key is first asked for, because a search needs none of it.
private struct KeyDirectory<Key: IndexKey>: Sendable {
    private static var shardCount: Int { 256 }

    private enum Source {
        case made([[Key: Int]])
        case pending(PendingShards<Key>)
    }

    private var source: Source

    init() {
        source = .made([[Key: Int]](repeating: [:], count: KeyDirectory.shardCount))
    }

    init(chunks: [[Key]], live: SlotSet) {
        source = .pending(
            PendingShards {
                var shards = [[Key: Int]](repeating: [:], count: KeyDirectory.shardCount)
                var slot = 0
                for chunk in chunks {
                    for key in chunk {
                        if live.contains(slot) { shards[KeyDirectory.shard(key)][key] = slot }
                        slot += 1
                    }
                }
                return shards
            })
    }

    func slot(of key: Key) -> Int? {
        switch source {
        case .made(let shards): shards[KeyDirectory.shard(key)][key]
        case .pending(let pending): pending.shards()[KeyDirectory.shard(key)][key]
        }
    }

    /// Sets or forgets where a key stands; returns where it stood.
    @discardableResult
    mutating func set(_ key: Key, _ slot: Int?) -> Int? {
        var shards: [[Key: Int]]
        switch source {
        case .made(let made): shards = made
        case .pending(let pending): shards = pending.shards()
        }
        // The only owner again, so that a change copies nothing.
        source = .made([])
        defer { source = .made(shards) }
        let shard = KeyDirectory.shard(key)
        let old = shards[shard][key]
        shards[shard][key] = slot
        return old
    }

    private static func shard(_ key: Key) -> Int {
        key.hashValue & (shardCount - 1)
    }
}

/// Shards that are made once, by whoever asks first.
private final class PendingShards<Key: IndexKey>: Sendable {
    private let made = Mutex<[[Key: Int]]?>(nil)
    private let make: @Sendable () -> [[Key: Int]]

    init(_ make: @escaping @Sendable () -> [[Key: Int]]) {
        self.make = make
    }

    func shards() -> [[Key: Int]] {
        made.withLock { made in
            if let made { return made }
            let shards = make()
            made = shards
            return shards
        }
    }
}
