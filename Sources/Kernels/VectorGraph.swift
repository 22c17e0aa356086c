internal import CKernels

/// A graph over the slots of coded rows, through which a search reaches a query's nearest rows
/// without looking at most others.
///
/// A row's edges lead to rows near it in all directions (Vamana). They are chosen by the distances
/// that the 4-bit codes tell; so is a search's way; what is returned is scored in f32. A value, like
/// the rows: a copy shares what neither has changed.
///
/// - Source: Subramanya et al., DiskANN, NeurIPS 2019 (the graph); Xu et al., In-Place Updates of a
///   Graph Index for Streaming Approximate Nearest Neighbor Search, 2025 (deletes).
public struct VectorGraph: Sendable {
    /// What shapes a graph.
    public struct Parameters: Sendable, Equatable {
        /// The edges that a row is pruned to.
        public var degree = 48
        /// How much nearer a kept neighbour must be to a row than this one is, for the edge to be left
        /// out; in distances, at least 1.
        public var alpha: Float = 1.1
        /// The depth of the searches that find a new row's neighbours.
        public var buildDepth = 56
        /// How many of the rows that such a search met are considered.
        public var buildWidth = 112
        /// Equal seeds and equal orders of changes make equal graphs.
        public var seed: UInt64 = 0x6_7261_7068

        /// The usual ones.
        public init() {}

        /// The edges that a row has room for: pruning at every new edge would cost too much.
        var capacity: Int { (4 * (1 + degree + degree * 3 / 10) + 63) / 64 * 16 - 1 }

        /// The greatest degree: a walk takes all edges of a row at once, and has room for so many.
        public static let greatestDegree = 384

        /// Whether a graph can have them.
        var isPossible: Bool {
            (1...Parameters.greatestDegree).contains(degree) && alpha >= 1
                && capacity <= GraphSpace.blockRows
        }
    }

    /// What shapes it.
    public let parameters: Parameters
    /// The rows that searches begin at.
    public internal(set) var entries: [UInt32] = []
    /// The number of slots; some may have no edges.
    public internal(set) var slotCount = 0
    /// The rows that codes say nothing of: they have no edges, and every search scores all of them.
    public internal(set) var outside = SlotSet()
    /// The slots of removed rows to which edges may still lead.
    public internal(set) var sweep = GraphSweep()

    /// How many rows came; makes the choice of entries the same for equal orders of changes.
    var draws: UInt64 = 0

    /// The slot of each edge's end: a count, then as many slots.
    var edges: RowPlane
    let spaces = GraphSpaces()

    /// A graph without rows.
    ///
    /// - Precondition: a degree from 1 to `Parameters.greatestDegree`, an alpha of 1 or more.
    public init(parameters: Parameters = Parameters()) {
        precondition(parameters.isPossible, "no graph")
        self.parameters = parameters
        // Few rows a slab: an insert changes fifty rows all over the plane, and each is a copy of its
        // slab where a snapshot shares it.
        edges = RowPlane(rowBytes: 4 * (parameters.capacity + 1), rowsPerSlab: 64)
    }

    /// The memory of the edges, in bytes.
    public var byteCount: Int { edges.byteCount }

    /// The ends of a row's edges.
    public func neighbours(of slot: Int) -> [Int] {
        precondition(slot >= 0 && slot < slotCount, "outside the slots")
        _ = edges.isIntact(slot)
        let row = edges.row(slot).assumingMemoryBound(to: UInt32.self)
        return withExtendedLifetime(edges) { (0..<Int(row[0])).map { Int(row[1 + $0]) } }
    }

    mutating func resize(to count: Int) {
        edges.resize(to: count)
        for slot in slotCount..<max(slotCount, count) {
            edges.mutableRow(slot).storeBytes(of: 0, as: UInt32.self)
        }
        slotCount = count
    }

    func row(_ slot: UInt32) -> UnsafePointer<UInt32> {
        edges.row(Int(slot)).assumingMemoryBound(to: UInt32.self)
    }

    mutating func mutableRow(_ slot: UInt32) -> UnsafeMutablePointer<UInt32> {
        edges.mutableRow(Int(slot)).assumingMemoryBound(to: UInt32.self)
    }
}
