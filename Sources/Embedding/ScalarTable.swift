/// The ids of the tokens that are one scalar.
struct ScalarTable: Sendable {
    /// By the scalar, or -1, for the basic plane.
    private var basic = [Int32](repeating: -1, count: 0x10000)
    private var beyond: [UInt32: Int32] = [:]

    init(_ tokens: TokenTable) {
        for id in 0..<Int32(tokens.count) {
            let token = tokens[id]
            guard let first = token.first, token.count == Self.length(first: first) else {
                continue
            }
            let scalar = Self.scalar(token)
            if scalar < 0x10000 { basic[Int(scalar)] = id } else { beyond[scalar] = id }
        }
    }

    /// The bytes of a scalar's UTF-8, by the first of them.
    static func length(first: UInt8) -> Int {
        first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    }

    /// The token that is the scalar with this UTF-8.
    ///
    /// - Precondition: the bytes are those of one scalar.
    func id(of utf8: ArraySlice<UInt8>) -> Int32? {
        let scalar = Self.scalar(utf8)
        guard scalar < 0x10000 else { return beyond[scalar] }
        let id = basic[Int(scalar)]
        return id < 0 ? nil : id
    }

    private static func scalar(_ utf8: ArraySlice<UInt8>) -> UInt32 {
        let first = utf8[utf8.startIndex]
        guard first >= 0x80 else { return UInt32(first) }
        // Of a leading byte the bits below those of the length count: 5, 4 or 3.
        var scalar = UInt32(first & 0x7F >> UInt8(utf8.count))
        for byte in utf8.dropFirst() { scalar = scalar << 6 | UInt32(byte & 0x3F) }
        return scalar
    }
}
