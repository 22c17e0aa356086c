/// A graph as a file holds it: a plane of edges, and what is told in a few numbers.
extension VectorGraph {
    /// Everything but the edges.
    public struct Figures: Sendable, Equatable {
        /// What shapes the graph.
        public var parameters: Parameters
        /// The rows that searches begin at.
        public var entries: [UInt32]
        /// The rows without codes.
        public var outside: [Int]
        /// The slots of removed rows, by how far the sweep for edges to them has come.
        public var leaving, waiting: [Int]
        /// Where the sweep goes on.
        public var position: Int
        /// How many rows came.
        public var draws: UInt64

        /// Figures, one by one.
        public init(
            parameters: Parameters, entries: [UInt32], outside: [Int], leaving: [Int],
            waiting: [Int], position: Int, draws: UInt64
        ) {
            self.parameters = parameters
            self.entries = entries
            self.outside = outside
            self.leaving = leaving
            self.waiting = waiting
            self.position = position
            self.draws = draws
        }
    }

    /// The size of a row of edges, and how many a slab holds.
    public static func edgeShape(_ parameters: Parameters) -> (rowBytes: Int, rowsPerSlab: Int) {
        (4 * (parameters.capacity + 1), 64)
    }

    /// What is told beside the edges.
    public var figures: Figures {
        Figures(
            parameters: parameters, entries: entries, outside: outside.slots,
            leaving: sweep.leaving.slots, waiting: sweep.waiting.slots,
            position: sweep.position, draws: draws)
    }

    /// The edges: for each slot a count, then the slots of their ends, u32 little-endian.
    public var edgePlane: RowPlane { edges }

    /// A graph whose edges lie in a plane already.
    ///
    /// Returns nil where the figures name slots that there are not, the plane has another
    /// shape, or there is no graph of such parameters.
    ///
    /// - Complexity: O(figures); edges are looked at by `isSound`.
    public init?(_ figures: Figures, edges: RowPlane) {
        // A file may say what it likes; no arithmetic before its parameters are known to be possible.
        guard figures.parameters.isPossible else { return nil }
        let count = edges.count
        let shape = VectorGraph.edgeShape(figures.parameters)
        let named = figures.outside + figures.leaving + figures.waiting
        guard edges.rowBytes == shape.rowBytes, edges.rowsPerSlab == shape.rowsPerSlab,
            named.allSatisfy({ (0..<count).contains($0) }),
            figures.entries.allSatisfy({ Int($0) < count }), (0...count).contains(figures.position)
        else { return nil }
        self.init(parameters: figures.parameters)
        self.edges = edges
        slotCount = count
        entries = figures.entries
        draws = figures.draws
        for slot in figures.outside { outside.set(slot, true) }
        sweep.position = figures.position
        for slot in figures.leaving { sweep.leaving.set(slot, true) }
        for slot in figures.waiting { sweep.waiting.set(slot, true) }
    }

    /// Whether the edges are what was written to their file, and lead to slots that there are.
    ///
    /// - Complexity: O(slots · degree).
    public var isSound: Bool {
        guard edges.isIntact else { return false }
        return withExtendedLifetime(edges) {
            (0..<slotCount).allSatisfy { slot in
                let row = row(UInt32(slot))
                guard Int(row[0]) <= parameters.capacity else { return false }
                return (0..<Int(row[0])).allSatisfy { Int(row[1 + $0]) < slotCount }
            }
        }
    }

    /// Notes where slabs stand in a file now; forgets it where there are no chunks.
    public mutating func setSaved(_ chunks: [SavedChunk]) {
        for slab in 0..<edges.slabCount {
            edges.setSaved(slab, slab < chunks.count ? chunks[slab] : nil)
        }
    }
}
