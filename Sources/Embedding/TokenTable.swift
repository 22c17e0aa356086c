/// The tokens of a vocabulary by id, and their ids by their bytes.
///
/// Bytes, because `String` takes canonically equivalent texts for one: Llama's vocabulary has both
/// U+03AC and U+1F71, which no dictionary of `String` can hold side by side.
struct TokenTable {
    /// The tokens' UTF-8, end to end.
    private var pool: [UInt8] = []
    /// Where each token lies in the pool, by id.
    private let places: [Range<Int>]
    /// An open-addressing table of ids; -1 is free.
    private var slots: [Int32]

    /// A table of tokens; nil where two have the same bytes.
    ///
    /// - Parameter tokens: the tokens in the order of their ids.
    /// - Complexity: O(bytes).
    init?(_ tokens: [ArraySlice<UInt8>]) {
        var places: [Range<Int>] = []
        places.reserveCapacity(tokens.count)
        for token in tokens {
            places.append(pool.count..<pool.count + token.count)
            pool += token
        }
        self.places = places
        var capacity = 16
        while capacity < 2 * tokens.count { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        for (id, place) in places.enumerated() {
            let slot = slot(of: pool[place], then: [])
            guard slots[slot] < 0 else { return nil }
            slots[slot] = Int32(id)
        }
    }

    /// The number of tokens.
    var count: Int { places.count }

    /// The UTF-8 of a token.
    ///
    /// - Precondition: `0 <= id < count`.
    subscript(id: Int32) -> ArraySlice<UInt8> { pool[places[Int(id)]] }

    /// The token with these bytes.
    func id(of token: ArraySlice<UInt8>) -> Int32? {
        id(of: token, then: [])
    }

    /// The token that two runs of bytes make together.
    func id(of head: ArraySlice<UInt8>, then tail: ArraySlice<UInt8>) -> Int32? {
        let id = slots[slot(of: head, then: tail)]
        return id < 0 ? nil : id
    }

    /// Where the token is, or would be.
    ///
    /// - Source: the hash is FNV-1a, 64 bits, its high half folded in.
    private func slot(of head: ArraySlice<UInt8>, then tail: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in head { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in tail { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
        while slots[slot] >= 0 {
            let place = places[Int(slots[slot])]
            if place.count == head.count + tail.count {
                let middle = place.lowerBound + head.count
                if pool[place.lowerBound..<middle].elementsEqual(head),
                    pool[middle..<place.upperBound].elementsEqual(tail)
                {
                    break
                }
            }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
