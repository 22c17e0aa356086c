internal import CKernels

/// One beam search: from the entries to the nearest rows, always on from the best row that was not
/// followed yet, until the `depth` best rows met were all followed.
struct GraphWalk {
    let space: GraphBuffers
    let slabs: UnsafePointer<ck_code_slabs>
    let table: ck_code_kernels
    /// How many of the best rows are followed.
    let depth: Int
    /// How many of the best rows are kept.
    let width: Int
    /// A walk that has looked at so many rows gives up.
    let limit: Int

    /// How many packed candidates stand in the space's pool.
    private(set) var count = 0
    /// How many rows were estimated.
    private(set) var estimated = 0
    /// How many rows were followed.
    private(set) var hops = 0

    private var next = 0

    init(
        _ space: GraphBuffers, _ slabs: UnsafePointer<ck_code_slabs>, _ table: ck_code_kernels,
        depth: Int, width: Int? = nil, limit: Int = .max
    ) {
        self.space = space
        self.slabs = slabs
        self.table = table
        self.depth = depth
        self.width = width ?? depth
        self.limit = limit
    }

    /// Whether it gave up.
    var isCutShort: Bool { estimated > limit }

    /// The slot of a packed candidate.
    static func slot(_ packed: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: packed) >> 1 }

    /// The estimate of a packed candidate.
    static func estimate(_ packed: UInt64) -> Float {
        let order = UInt32(packed >> 32)
        return Float(bitPattern: order >> 31 == 1 ? order & 0x7FFF_FFFF : ~order)
    }

    /// Walks; the query's estimates order the pool.
    mutating func run(
        _ query: UnsafePointer<ck_code_query>, _ edges: borrowing RowPlane, entries: [UInt32]
    ) {
        entries.withUnsafeBufferPointer { entries in
            guard let base = entries.baseAddress else { return }
            for start in stride(from: 0, to: entries.count, by: GraphSpace.blockRows) {
                meet(
                    base + start, min(GraphSpace.blockRows, entries.count - start), query, edges)
            }
        }
        let pool = space.pool
        while next < min(count, depth), estimated <= limit {
            let packed = pool[next]
            pool[next] = packed | 1
            hops += 1
            next += 1
            while next < count, pool[next] & 1 == 1 { next += 1 }
            // Likely the row that is followed next, while this one's neighbours are estimated.
            if next < count {
                ck_read_ahead(edges.row(Int(GraphWalk.slot(pool[next]))), edges.rowBytes)
            }
            let row = edges.row(Int(GraphWalk.slot(packed))).assumingMemoryBound(to: UInt32.self)
            meet(row + 1, Int(row[0]), query, edges)
        }
    }

    /// Marks a slot as met, so that the walk passes it over.
    mutating func exclude(_ slot: UInt32) {
        var slot = slot
        _ = ck_gather_unvisited(&slot, 1, slabs, space.visited, space.found)
        touch(1)
    }

    private mutating func touch(_ gathered: Int) {
        if estimated + gathered <= GraphSpace.touchedRows {
            (space.touched + estimated).update(from: space.found, count: gathered)
        }
        estimated += gathered
    }

    private mutating func meet(
        _ rows: UnsafePointer<UInt32>, _ rowCount: Int, _ query: UnsafePointer<ck_code_query>,
        _ edges: borrowing RowPlane
    ) {
        let (found, estimates, pool) = (space.found, space.estimates, space.pool)
        let gathered = ck_gather_unvisited(rows, rowCount, slabs, space.visited, found)
        guard gathered > 0 else { return }
        touch(gathered)
        table.estimate_rows_u4(query, slabs, found, gathered, estimates)
        var first = 0
        count = ck_offer(pool, count, width, found, estimates, gathered, &first)
        if first <= next, first < count {
            next = first
            ck_read_ahead(edges.row(Int(GraphWalk.slot(pool[first]))), edges.rowBytes)
        }
    }

    /// Makes the space ready for the next walk.
    func clear() {
        let (visited, touched) = (space.visited, space.touched)
        if estimated <= GraphSpace.touchedRows {
            for place in 0..<estimated { visited[Int(touched[place] / 64)] = 0 }
        } else {
            visited.update(repeating: 0, count: space.slotCount / 64)
        }
    }
}
