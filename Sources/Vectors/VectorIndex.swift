public import Kernels

/// An index whose keys are numbers.
public typealias VectorIndex = KeyedVectorIndex<VectorKey>

/// An index whose keys are texts.
public typealias NamedVectorIndex = KeyedVectorIndex<VectorName>

/// What "near" means in an index; a score is greater where a row is nearer.
public enum VectorMetric: Sendable, CaseIterable {
    /// The score is the inner product.
    case innerProduct
    /// The score is the inner product of row and query, both scaled to length 1; zeros stay zeros.
    case cosine
    /// The score is the squared Euclidean distance, negated.
    case euclidean
}

/// An exact index: the answer is what scoring every row in f32 would give, to the last bit.
///
/// A large index keeps 4-bit codes beside its rows. For most rows the codes prove that they cannot
/// be in the answer; the others are scored in f32, in one fixed order of additions. So neither
/// codes nor batches, tasks and instruction sets change keys, order or scores: by score, equal
/// scores by key.
///
/// A value: a copy is a snapshot that later changes do not touch, and costs little, because both
/// share what neither has changed. Many readers search copies while one writer changes its own;
/// see `SharedVectorIndex`.
public struct KeyedVectorIndex<Key: IndexKey>: Sendable {
    /// What "near" means here.
    public let metric: VectorMetric
    /// The number of rows.
    public var count: Int { live.count }
    /// The length of each row.
    public var dimension: Int { rows.dimension }
    /// The memory that rows and codes take, in bytes.
    public var byteCount: Int { rows.byteCount }

    /// The number of slots that removed rows have left; `compact` fills them up.
    public var freeSlotCount: Int { free.count }
    /// Whether there are codes beside the rows.
    public var isCoded: Bool { rows.isCoded }

    let codedFrom: Int
    /// The file that the planes' saved chunks stand in; 0 for none.
    var origin: UInt64 = 0
    var rows: CodedRows
    var keys = KeyTable<Key>()
    var live = SlotSet()
    var free: [Int] = []
    var revision = IndexRevision()
    var approximate: ApproximateHalf?
    /// What searches cost here, by which those with a method choose.
    public var costs: SearchCosts

    /// An empty index.
    ///
    /// - Parameters:
    ///   - dimension: the length of each row, at least 1.
    ///   - metric: what "near" means.
    ///   - codedFrom: the number of rows from which on codes are kept; below it, scoring every row
    ///     is as fast. `Int.max` for an index that is thrown away after few searches, because
    ///     codes cost about a microsecond a row.
    public init(dimension: Int, metric: VectorMetric = .innerProduct, codedFrom: Int = 4096) {
        self.metric = metric
        self.codedFrom = codedFrom
        costs = SearchCosts(dimension: dimension)
        rows = CodedRows(
            dimension: dimension,
            scoring: metric == .euclidean ? .negatedSquaredDistance : .innerProduct)
    }

    /// An index from the parts that a file holds.
    init(
        metric: VectorMetric, codedFrom: Int, origin: UInt64, rows: CodedRows,
        keys: KeyTable<Key>, live: SlotSet, approximate: ApproximateHalf?
    ) {
        self.metric = metric
        self.codedFrom = codedFrom
        self.origin = origin
        self.rows = rows
        self.keys = keys
        self.live = live
        costs = SearchCosts(dimension: rows.dimension)
        self.approximate = approximate
        // Slots that edges may still lead to are free once the graph has swept them.
        let waiting = Set(approximate?.graph.waitingSlots ?? [])
        free = (0..<keys.slotCount).filter { !live.contains($0) && !waiting.contains($0) }
    }

    /// Whether there is a row under a key.
    public func contains(_ key: Key) -> Bool {
        keys.slot(of: key) != nil
    }

    /// The row under a key, as it is scored: of length 1 where the metric is `cosine`.
    ///
    /// - Throws: `.damaged`.
    public func row(_ key: Key) throws(IndexError) -> [Float]? {
        guard let slot = keys.slot(of: key) else { return nil }
        guard rows.isIntact(slot) else { throw .damaged }
        return rows[slot]
    }

    /// The keys of all rows, rising.
    ///
    /// - Complexity: O(count · log count).
    public var allKeys: [Key] {
        (0..<keys.slotCount).filter(live.contains).map { keys[$0] }.sorted()
    }

    /// All rows as they are scored, in the order of their keys, in blocks of at most `rowCount`, each
    /// copied out when it is asked for.
    ///
    /// - Throws: `.damaged`, before the first block.
    /// - Precondition: `rowCount > 0`.
    /// - Complexity: O(count · log count) at once.
    public func blocks(of rowCount: Int) throws(IndexError) -> some Sequence<FloatRows> {
        guard rows.isIntact else { throw .damaged }
        let slots = (0..<keys.slotCount).filter(live.contains).sorted { keys[$0] < keys[$1] }
        return stride(from: 0, to: slots.count, by: rowCount).lazy.map { start in
            let block = slots[start..<min(start + rowCount, slots.count)]
            return FloatRows(dimension: dimension, values: block.flatMap { rows[$0] })
        }
    }
}
