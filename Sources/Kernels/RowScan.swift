internal import CKernels

extension CodedRows {
    /// Scores the rows of some slots against queries and keeps the nearest of each.
    ///
    /// Each kept score has the bits of the f32 kernel; the codes, where there are any, only prove
    /// of most rows that they would not be kept. So what is kept does not depend on how slots are
    /// split into ranges, on the number of queries, on codes, or on the instruction set.
    ///
    /// - Parameters:
    ///   - queries: made for these rows.
    ///   - slots: the slots looked at.
    ///   - allowed: the slots that count; nil says all.
    ///   - nearest: what was found, one a query, in and out.
    ///   - shared: thresholds shared with other parts of the same search, one a query.
    ///   - kernels: an instruction set to force, for tests.
    /// - Complexity: O(slots · dimension) a query.
    public func scan(
        _ queries: [RowQuery], slots: Range<Int>, allowed: SlotSet?,
        nearest: inout [Nearest], shared: [SharedThreshold]? = nil,
        using kernels: CodeKernels = .current
    ) {
        precondition(slots.lowerBound >= 0 && slots.upperBound <= count, "outside the slots")
        precondition(queries.count == nearest.count, "as many queries as answers")
        guard !hasLostItsFile else {
            for index in nearest.indices { nearest[index].metDamage = true }
            return
        }
        var scan = RowScan(
            rows: self, table: kernels.table, shared: shared, queryCount: queries.count)
        let isSparse = allowed.map { $0.count * 8 < count * 7 } ?? false
        withExtendedLifetime(self) {
            if let planes = codes, queries.allSatisfy(\.isCoded) {
                if isSparse || queries.count == 1 {
                    for index in queries.indices {
                        scan.gate(
                            queries[index], index, planes, slots, allowed, isSparse, &nearest[index]
                        )
                    }
                } else {
                    scan.gateBatch(queries, planes, slots, allowed, &nearest)
                }
            } else {
                for index in queries.indices {
                    scan.scoreAll(queries[index], slots, allowed, &nearest[index])
                }
            }
        }
    }
}

/// One thread's part of a search: its buffers and the order of its work.
struct RowScan {
    let rows: CodedRows
    let table: ck_code_kernels
    let shared: [SharedThreshold]?

    private static let firstBlock = 512
    private static let greatestBlock = 2048
    private static let greatestInterval = 8192
    static let tile = 512

    private var found: [UInt32] = []
    private var bounds: [Float] = []
    private var listed: [UInt32] = []
    private var candidates: [Candidates]
    private var scorer = RowScorer()

    init(rows: CodedRows, table: ck_code_kernels, shared: [SharedThreshold]?, queryCount: Int) {
        self.rows = rows
        self.table = table
        self.shared = shared
        candidates = [Candidates](repeating: Candidates(), count: queryCount)
    }

    private mutating func makeRoom(_ count: Int) {
        guard found.count < count else { return }
        found = [UInt32](repeating: 0, count: count)
        bounds = [Float](repeating: 0, count: count)
    }

    private func threshold(_ index: Int, _ nearest: Nearest) -> Float {
        max(nearest.threshold, shared?[index].value ?? -.infinity)
    }

    /// Every row in f32.
    mutating func scoreAll(
        _ query: RowQuery, _ slots: Range<Int>, _ allowed: SlotSet?, _ nearest: inout Nearest
    ) {
        listed = [UInt32](repeating: 0, count: RowScan.tile)
        for start in stride(from: slots.lowerBound, to: slots.upperBound, by: RowScan.tile) {
            let block = start..<min(start + RowScan.tile, slots.upperBound)
            let count = list(block, allowed)
            for place in 0..<count { listed[place] += UInt32(start) }
            scorer.score(listed[..<count], query, rows, table, &nearest)
        }
    }

    private mutating func list(_ block: Range<Int>, _ allowed: SlotSet?) -> Int {
        if let allowed {
            return listed.withUnsafeMutableBufferPointer { listed in
                guard let base = listed.baseAddress else { return 0 }
                return allowed.list(block, into: base)
            }
        }
        for index in 0..<block.count { listed[index] = UInt32(index) }
        return block.count
    }

    /// One query: the gate over ever longer blocks, what passes is scored best bound first.
    mutating func gate(
        _ query: RowQuery, _ index: Int, _ planes: CodePlanes, _ slots: Range<Int>,
        _ allowed: SlotSet?, _ isSparse: Bool, _ nearest: inout Nearest
    ) {
        makeRoom(RowScan.greatestBlock)
        if isSparse { listed = [UInt32](repeating: 0, count: RowScan.greatestBlock) }
        var start = slots.lowerBound
        var interval = isSparse ? RowScan.greatestBlock : RowScan.firstBlock
        var length = interval
        var unprobed = 0
        while start < slots.upperBound {
            let slabEnd = (start / planes.rowsPerSlab + 1) * planes.rowsPerSlab
            let block = start..<min(start + length, slabEnd, slots.upperBound)
            if !planes.isIntact(start) { nearest.metDamage = true }
            let listedCount = isSparse ? list(block, allowed) : 0
            let limit = threshold(index, nearest)
            let passed = query.withCodes { codes in
                withUnsafePointer(to: codes) { codes in
                    let (bytes, headers) = (planes.codes(from: start), planes.headers(from: start))
                    guard isSparse else {
                        return table.gate_u4(
                            codes, planes.stride, bytes, headers, block.count, limit, &found,
                            &bounds)
                    }
                    return table.gate_rows_u4(
                        codes, planes.stride, bytes, headers, listed, listedCount, limit, &found,
                        &bounds)
                }
            }
            keep(0..<passed, start, index, isSparse ? nil : allowed)
            unprobed += block.count
            if unprobed >= interval {
                probe(query, index, &nearest)
                unprobed = 0
                interval = min(interval * 2, RowScan.greatestInterval)
            }
            start = block.upperBound
            length = min(interval, RowScan.greatestBlock)
        }
        candidates[index].finish(query, rows, table, floor: shared?[index], &nearest)
    }

    /// Many queries: tiles of rows that stay in the nearest cache while all queries meet them.
    mutating func gateBatch(
        _ queries: [RowQuery], _ planes: CodePlanes, _ slots: Range<Int>, _ allowed: SlotSet?,
        _ nearest: inout [Nearest]
    ) {
        makeRoom(RowScan.tile * queries.count)
        let packed = PackedQueries(queries)
        var limits = [Float](repeating: 0, count: queries.count)
        var counts = [Int](repeating: 0, count: queries.count)
        var tiles = 0
        var start = slots.lowerBound
        while start < slots.upperBound {
            let slabEnd = (start / planes.rowsPerSlab + 1) * planes.rowsPerSlab
            let block = start..<min(start + RowScan.tile, slabEnd, slots.upperBound)
            let isIntact = planes.isIntact(start)
            for index in queries.indices {
                limits[index] = threshold(index, nearest[index])
                if !isIntact { nearest[index].metDamage = true }
            }
            packed.withCodes { codes in
                table.gate_batch_u4(
                    codes, queries.count, planes.stride, planes.codes(from: start),
                    planes.headers(from: start), block.count, limits, &found, &bounds, &counts)
            }
            tiles += 1
            let isProbed = tiles % 16 == 0 || tiles & (tiles - 1) == 0
            for index in queries.indices {
                let first = index * block.count
                keep(first..<first + counts[index], start, index, allowed)
                if isProbed { probe(queries[index], index, &nearest[index]) }
            }
            start = block.upperBound
        }
        for index in queries.indices {
            candidates[index].finish(
                queries[index], rows, table, floor: shared?[index], &nearest[index])
        }
    }

    private mutating func keep(
        _ range: Range<Int>, _ start: Int, _ index: Int, _ allowed: SlotSet?
    ) {
        guard !range.isEmpty else { return }
        candidates[index].add(found, bounds, range, from: start, allowed)
    }

    private mutating func probe(_ query: RowQuery, _ index: Int, _ nearest: inout Nearest) {
        candidates[index].probe(query, rows, table, floor: shared?[index], &nearest)
        shared?[index].raise(to: nearest.threshold)
    }
}
