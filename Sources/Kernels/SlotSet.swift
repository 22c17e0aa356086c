internal import CKernels

/// Which slots a search looks at.
public struct SlotSet: Sendable, Equatable {
    /// One bit a slot, the lowest first.
    public internal(set) var words: [UInt64]
    /// How many bits are set.
    public internal(set) var count: Int

    /// No slot.
    public init() {
        words = []
        count = 0
    }

    /// Whether a slot is in the set.
    public func contains(_ slot: Int) -> Bool {
        slot / 64 < words.count && words[slot / 64] >> UInt64(slot % 64) & 1 == 1
    }

    /// Puts a slot in or takes it out.
    public mutating func set(_ slot: Int, _ isIn: Bool) {
        while words.count <= slot / 64 { words.append(0) }
        guard contains(slot) != isIn else { return }
        words[slot / 64] ^= 1 << UInt64(slot % 64)
        count += isIn ? 1 : -1
    }

    /// The slots of both sets.
    public func intersection(_ other: SlotSet) -> SlotSet {
        SlotSet(words: zip(words, other.words).map { $0 & $1 })
    }

    /// The slots of either set.
    public func union(_ other: SlotSet) -> SlotSet {
        let (longer, shorter) =
            words.count < other.words.count ? (other, self) : (self, other)
        var words = longer.words
        for index in shorter.words.indices { words[index] |= shorter.words[index] }
        return SlotSet(words: words)
    }

    /// The slots of this set that the other has not.
    public func subtracting(_ other: SlotSet) -> SlotSet {
        var words = words
        for index in 0..<min(words.count, other.words.count) { words[index] &= ~other.words[index] }
        return SlotSet(words: words)
    }

    /// The slots that these bits say.
    public init(words: [UInt64]) {
        self.words = words
        count = words.withUnsafeBufferPointer { ck_count_bits($0.baseAddress, $0.count) }
    }

    /// The slots in rising order.
    public var slots: [Int] {
        var found = [UInt32](repeating: 0, count: words.count * 64)
        let count = found.withUnsafeMutableBufferPointer { found in
            found.baseAddress.map { list(0..<found.count, into: $0) } ?? 0
        }
        return found[..<count].map(Int.init)
    }

    /// The slots of `range` that are in the set, less its start, into `found`.
    func list(_ range: Range<Int>, into found: UnsafeMutablePointer<UInt32>) -> Int {
        let end = min(range.upperBound, words.count * 64)
        guard range.lowerBound < end else { return 0 }
        return words.withUnsafeBufferPointer {
            ck_list_bits($0.baseAddress, range.lowerBound, end - range.lowerBound, found)
        }
    }
}
