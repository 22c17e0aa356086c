internal import CKernels
internal import Synchronization

/// The memory that one walk through a graph needs, kept from walk to walk.
struct GraphSpace: Sendable {
    /// The most rows that are estimated at once.
    static let blockRows = 512
    /// Walks that touched more rows clear every bit, others only those they set.
    static let touchedRows = 16_384

    /// The slots that it serves.
    let slotCount: Int
    /// The longest pool that it serves.
    let depth: Int
    private let memory: Slab
    private let stride: Int

    /// - Precondition: `slotCount` is a multiple of 64.
    init(slotCount: Int, depth: Int, stride: Int) {
        self.slotCount = slotCount
        self.depth = depth
        self.stride = stride
        let words = slotCount / 8 + (depth + 8) * 8
        let lists = (GraphSpace.touchedRows + 3 * GraphSpace.blockRows) * 4
        let pointers = GraphSpace.blockRows * 8
        memory = Slab(byteCount: words + lists + pointers + 2 * stride)
        memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.byteCount)
    }

    func serves(slotCount: Int, depth: Int, stride: Int) -> Bool {
        self.slotCount >= slotCount && self.depth >= depth && self.stride == stride
    }

    /// Where the parts are; holds while the space lives.
    func buffers() -> GraphBuffers {
        let visited = memory.base.assumingMemoryBound(to: UInt64.self)
        let pool = visited + slotCount / 64
        let rows = UnsafeMutableRawPointer(pool + depth + 8)
            .assumingMemoryBound(to: UnsafePointer<Float>?.self)
        let touched = UnsafeMutableRawPointer(rows + GraphSpace.blockRows)
            .assumingMemoryBound(to: UInt32.self)
        let found = touched + GraphSpace.touchedRows
        let estimates = UnsafeMutableRawPointer(found + GraphSpace.blockRows)
            .assumingMemoryBound(to: Float.self)
        let low = UnsafeMutableRawPointer(estimates + 2 * GraphSpace.blockRows)
            .assumingMemoryBound(to: Int8.self)
        return GraphBuffers(
            slotCount: slotCount, visited: visited, pool: pool, rows: rows, touched: touched,
            found: found, estimates: estimates, low: low, high: low + stride)
    }
}

/// The parts of a space.
struct GraphBuffers {
    let slotCount: Int
    /// One bit a slot; all 0 between walks.
    let visited: UnsafeMutablePointer<UInt64>
    /// Packed candidates, best first.
    let pool: UnsafeMutablePointer<UInt64>
    /// The rows that are scored next.
    let rows: UnsafeMutablePointer<UnsafePointer<Float>?>
    /// The slots whose bits a walk has set, as long as there is room.
    let touched: UnsafeMutablePointer<UInt32>
    /// The slots that are estimated next.
    let found: UnsafeMutablePointer<UInt32>
    let estimates: UnsafeMutablePointer<Float>
    /// The multipliers of a row that is held against others.
    let low: UnsafeMutablePointer<Int8>
    let high: UnsafeMutablePointer<Int8>
}

/// Spaces that no walk uses at the moment.
///
/// Shared by all copies of a graph, so that a search allocates nothing of the size of the graph.
final class GraphSpaces: Sendable {
    private let idle = Mutex<[GraphSpace]>([])

    func with<Result>(
        slotCount: Int, depth: Int, stride: Int, _ body: (GraphBuffers) -> Result
    ) -> Result {
        let space = take(slotCount, depth, stride)
        defer { idle.withLock { $0.append(space) } }
        return withExtendedLifetime(space) { body(space.buffers()) }
    }

    private func take(_ slotCount: Int, _ depth: Int, _ stride: Int) -> GraphSpace {
        let last = idle.withLock { $0.popLast() }
        if let last, last.serves(slotCount: slotCount, depth: depth, stride: stride) {
            return last
        }
        // Room to grow, so that inserts do not make a space each.
        return GraphSpace(
            slotCount: (slotCount + slotCount / 4 + 1023) / 64 * 64,
            depth: max(depth, last?.depth ?? 256), stride: stride)
    }
}
