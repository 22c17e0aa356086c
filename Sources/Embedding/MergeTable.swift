/// Which neighbouring tokens become one, and in what order.
struct MergeTable: Sendable {
    /// A pair's merge as one number: the rank above, the product's id below, so that the smaller
    /// number is the earlier merge.
    typealias Merge = UInt64

    /// What is greater than every merge: the pair stays apart.
    static let none = Merge.max

    private struct Slot {
        var pair: UInt64
        var merge: Merge
    }

    private static let free = UInt64.max

    private var slots: [Slot]
    private let shift: UInt64
    private(set) var count = 0

    /// An empty table with room for `capacity` merges.
    init(capacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < 2 * capacity { bits += 1 }
        slots = [Slot](repeating: Slot(pair: Self.free, merge: Self.none), count: 1 << bits)
        shift = 64 - bits
    }

    /// Adds the merge of the next rank; false where the pair has one already.
    ///
    /// - Precondition: fewer merges than the capacity; ids are not negative.
    mutating func append(_ left: Int32, _ right: Int32, product: Int32) -> Bool {
        precondition(count < slots.count / 2, "more merges than there is room for")
        let slot = slot(left, right)
        guard slots[slot].pair == Self.free else { return false }
        let merge = UInt64(count) << 32 | UInt64(UInt32(bitPattern: product))
        slots[slot] = Slot(pair: Self.pair(left, right), merge: merge)
        count += 1
        return true
    }

    /// The merge of two neighbours, or `none`.
    ///
    /// - Complexity: O(1) expected.
    func merge(_ left: Int32, _ right: Int32) -> Merge {
        slots[slot(left, right)].merge
    }

    /// The token that a merge makes.
    static func product(of merge: Merge) -> Int32 {
        Int32(bitPattern: UInt32(truncatingIfNeeded: merge))
    }

    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func slot(_ left: Int32, _ right: Int32) -> Int {
        let pair = Self.pair(left, right)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[slot].pair != pair, slots[slot].pair != Self.free { slot = (slot + 1) & mask }
        return slot
    }
}

extension MergeTable {
    /// Runs of more symbols than this are merged with a queue; below, scanning is quicker.
    private static let longestScan = 40

    /// A run of symbols, with room to work in that is kept from one run to the next.
    struct Run {
        var symbols: [Int32] = []
        fileprivate var merges: [Merge] = []
    }

    /// Merges the symbols of one run until no two neighbours have a merge: always the merge of the
    /// least rank, of equal ones the leftmost.
    ///
    /// - Complexity: O(n log n).
    /// - Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword
    ///   Units", arXiv:1508.07909; the order is that of Hugging Face tokenizers' `Word::merge_all`.
    func merge(_ run: inout Run) {
        guard run.symbols.count > 1 else { return }
        if run.symbols.count <= Self.longestScan { scan(&run) } else { queue(&run.symbols) }
    }

    private func scan(_ run: inout Run) {
        run.merges.removeAll(keepingCapacity: true)
        for index in 1..<run.symbols.count {
            run.merges.append(merge(run.symbols[index - 1], run.symbols[index]))
        }
        while true {
            var (least, place) = (Self.none, 0)
            for (index, merge) in run.merges.enumerated() where merge < least {
                (least, place) = (merge, index)
            }
            guard least != Self.none else { return }
            run.symbols[place] = Self.product(of: least)
            run.symbols.remove(at: place + 1)
            run.merges.remove(at: place)
            if place > 0 {
                run.merges[place - 1] = merge(run.symbols[place - 1], run.symbols[place])
            }
            if place < run.merges.count {
                run.merges[place] = merge(run.symbols[place], run.symbols[place + 1])
            }
        }
    }

    /// The symbols as a linked list, the possible merges in a queue in which those that others have
    /// overtaken stay until they come up.
    private func queue(_ symbols: inout [Int32]) {
        let end = symbols.count
        // The list's links; a symbol that its left neighbour took in is -1.
        var (before, after) = ([Int](-1..<end - 1), [Int](1..<end + 1))
        var waiting = MergeQueue()
        for place in 0..<end - 1 {
            let merge = merge(symbols[place], symbols[place + 1])
            if merge != Self.none { waiting.append(merge, at: place) }
        }
        waiting.order()
        while let (next, place) = waiting.popFirst() {
            let right = after[place]
            guard symbols[place] >= 0, right < end,
                merge(symbols[place], symbols[right]) == next
            else { continue }
            symbols[place] = Self.product(of: next)
            symbols[right] = -1
            after[place] = after[right]
            if after[place] < end {
                before[after[place]] = place
                let merge = merge(symbols[place], symbols[after[place]])
                if merge != Self.none { waiting.insert(merge, at: place) }
            }
            if before[place] >= 0 {
                let merge = merge(symbols[before[place]], symbols[place])
                if merge != Self.none { waiting.insert(merge, at: before[place]) }
            }
        }
        symbols.removeAll { $0 < 0 }
    }
}
