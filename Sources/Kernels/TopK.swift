/// The `limit` greatest of a stream of scores; equal scores are ordered by the lesser key.
///
/// Kept as a binary heap whose root is the least entry kept.
public struct TopK: Sendable {
    /// A key with its score.
    public struct Entry: Sendable, Equatable {
        /// What was scored.
        public let key: UInt64
        /// Greater is nearer.
        public let score: Float

        /// Pairs a key with its score.
        public init(key: UInt64, score: Float) {
            self.key = key
            self.score = score
        }

        func isBetter(than other: Entry) -> Bool {
            score != other.score ? score > other.score : key < other.key
        }
    }

    private let limit: Int
    private var heap: [Entry] = []

    /// Keeps at most `limit` entries.
    ///
    /// - Precondition: `limit >= 0`.
    public init(limit: Int) {
        precondition(limit >= 0, "a negative limit")
        self.limit = limit
    }

    /// Offers one entry; it is kept when it is among the best so far.
    ///
    /// NaN is never kept.
    ///
    /// - Complexity: O(1) when refused, O(log limit) when kept.
    public mutating func insert(_ entry: Entry) {
        guard limit > 0, !entry.score.isNaN else { return }
        guard heap.count == limit else {
            heap.append(entry)
            siftUp(from: heap.count - 1)
            return
        }
        guard entry.isBetter(than: heap[0]) else { return }
        heap[0] = entry
        siftDown()
    }

    /// The entries kept, best first.
    ///
    /// - Complexity: O(limit · log limit).
    public func sorted() -> [Entry] {
        heap.sorted { $0.isBetter(than: $1) }
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[parent].isBetter(than: heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[least].isBetter(than: heap[child]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
