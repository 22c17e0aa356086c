/// The rows found so far: at most `limit`, none below `minimum`, the best kept.
///
/// A binary heap whose root is the least row kept; equal scores are ordered by `isBefore`.
public struct Nearest: Sendable {
    /// A slot with its score.
    public struct Entry: Sendable, Equatable {
        /// Where the row stands.
        public let slot: Int
        /// Greater is nearer.
        public let score: Float
    }

    private let limit: Int
    private let minimum: Float
    private let isBefore: @Sendable (Int, Int) -> Bool
    private var heap: [Entry] = []
    /// How many rows were scored in f32.
    public internal(set) var evaluations = 0
    /// Whether rows were met whose file is damaged; then what was found may not be the nearest.
    public internal(set) var metDamage = false

    /// Nothing found yet.
    ///
    /// - Parameters:
    ///   - limit: the most rows kept, at least 1.
    ///   - minimum: the least score kept.
    ///   - isBefore: whether the first slot goes before the second where scores are equal.
    public init(
        limit: Int, minimum: Float = -.infinity, isBefore: @escaping @Sendable (Int, Int) -> Bool
    ) {
        precondition(limit > 0, "no room")
        self.limit = limit
        self.minimum = minimum
        self.isBefore = isBefore
    }

    /// Below this score nothing is kept.
    public var threshold: Float {
        heap.count == limit ? max(heap[0].score, minimum) : minimum
    }

    var room: Int { limit - heap.count }
    /// How many rows are kept.
    public var count: Int { heap.count }

    /// Offers a row; NaN is never kept.
    public mutating func insert(slot: Int, score: Float) {
        guard score >= threshold else { return }
        let entry = Entry(slot: slot, score: score)
        if heap.count < limit {
            heap.append(entry)
            siftUp()
        } else if Nearest.isBetter(entry, heap[0], isBefore) {
            heap[0] = entry
            siftDown()
        }
    }

    /// Adds what another search found.
    public mutating func merge(_ other: Nearest) {
        for entry in other.heap { insert(slot: entry.slot, score: entry.score) }
        evaluations += other.evaluations
        metDamage = metDamage || other.metDamage
    }

    /// The rows kept, best first.
    public func sorted() -> [Entry] {
        heap.sorted { Nearest.isBetter($0, $1, isBefore) }
    }

    private static func isBetter(
        _ left: Entry, _ right: Entry, _ isBefore: (Int, Int) -> Bool
    ) -> Bool {
        left.score != right.score ? left.score > right.score : isBefore(left.slot, right.slot)
    }

    // Both take hold of the order once, not for every comparison.
    private mutating func siftUp() {
        let isBefore = isBefore
        heap.withUnsafeMutableBufferPointer { heap in
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard Nearest.isBetter(heap[parent], heap[child], isBefore) else { return }
                heap.swapAt(parent, child)
                child = parent
            }
        }
    }

    private mutating func siftDown() {
        let isBefore = isBefore
        heap.withUnsafeMutableBufferPointer { heap in
            var parent = 0
            while true {
                var least = parent
                var child = 2 * parent + 1
                while child < min(2 * parent + 3, heap.count) {
                    if Nearest.isBetter(heap[least], heap[child], isBefore) { least = child }
                    child += 1
                }
                guard least != parent else { return }
                heap.swapAt(parent, least)
                parent = least
            }
        }
    }
}
