/// The ids of the tokens that are one scalar.
struct ScalarTable: Sendable {
    /// By the scalar, or -1, for the basic plane.
    private var basic = [Int32](repeating: -1, count: 0x10000)
    private var beyond: [UInt32: Int32] = [:]

    init(_ tokens: TokenTable) {
        for id in 0..<Int32(tokens.count) {
            let token = tokens[id]
            guard let first = token.first, first >= 0xF0 || token.count < 4 else { continue }
            guard token.count == (first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4)
            else { continue }
            let scalar = Self.scalar(token)
            if scalar < 0x10000 { basic[Int(scalar)] = id } else { beyond[scalar] = id }
        }
    }

    /// The token that is the scalar with this UTF-8.
    func id(of utf8: ArraySlice<UInt8>) -> Int32? {
        let scalar = Self.scalar(utf8)
        guard scalar < 0x10000 else { return beyond[scalar] }
        let id = basic[Int(scalar)]
        return id < 0 ? nil : id
    }

    private static func scalar(_ utf8: ArraySlice<UInt8>) -> UInt32 {
        guard let first = utf8.first else { return 0 }
        // A leading byte's length bits are above those that count: 7, 5, 4 or 3.
        let mask: UInt8 = utf8.count == 1 ? 0x7F : 0x7F >> UInt8(utf8.count)
        return utf8.dropFirst().reduce(UInt32(first & mask)) { $0 << 6 | UInt32($1 & 0x3F) }
    }
}
