/// A set of ASCII bytes that tokens are made of.
enum Alphabet: Int, CaseIterable {
    /// `0-9`
    case digits
    /// `0-9a-fA-F`
    case hexadecimal
    /// `0-9A-Z`
    case capitals
    /// `0-9A-Za-z`
    case alphanumeric
    /// `0-9A-Za-z_`
    case word
    /// `0-9A-Za-z_-`, which is base64url
    case token
    /// `0-9a-z-`
    case name
    /// `token` and `.`
    case dotted
    /// `token` and `/`
    case path
    /// `0-9A-Za-z+/=`
    case base64
    /// `0-9A-Za-z+/=_-`
    case anyBase64
    /// `0-9A-Za-z+/=_.~-`, what a scheme of the Authorization header takes
    case credentials
    /// Every ASCII byte that is seen
    case visible
    /// What the name and password of an address may hold: visible, and no quote, bracket or `/?#`
    case userInfo

    /// Whether the byte belongs to it.
    func contains(_ byte: UInt8) -> Bool { Self.memberships[Int(byte)] & (1 << rawValue) != 0 }

    /// For each byte, one bit an alphabet.
    private static let memberships: [UInt16] = (0...255).map { value in
        allCases.reduce(0) { $0 | ($1.holds(UInt8(value)) ? 1 << $1.rawValue : 0) }
    }

    private func holds(_ byte: UInt8) -> Bool {
        let isDigit = (0x30...0x39).contains(byte)
        let isUpper = (0x41...0x5A).contains(byte)
        let isLower = (0x61...0x7A).contains(byte)
        let isAlphanumeric = isDigit || isUpper || isLower
        return switch self {
        case .digits: isDigit
        case .hexadecimal: isDigit || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
        case .capitals: isDigit || isUpper
        case .alphanumeric: isAlphanumeric
        case .word: isAlphanumeric || byte == UInt8(ascii: "_")
        case .token: isAlphanumeric || "_-".utf8.contains(byte)
        case .name: isDigit || isLower || byte == UInt8(ascii: "-")
        case .dotted: isAlphanumeric || "_-.".utf8.contains(byte)
        case .path: isAlphanumeric || "_-/".utf8.contains(byte)
        case .base64: isAlphanumeric || "+/=".utf8.contains(byte)
        case .anyBase64: isAlphanumeric || "+/=_-".utf8.contains(byte)
        case .credentials: isAlphanumeric || "+/=_.~-".utf8.contains(byte)
        case .visible: (0x21...0x7E).contains(byte)
        case .userInfo: byte > 0x20 && byte != 0x7F && !"/?#\"'`<>\\".utf8.contains(byte)
        }
    }
}

extension [UInt8] {
    /// Whether these bytes stand at an offset; false where they would not fit.
    func has(_ other: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset + other.count <= count else { return false }
        for index in 0..<other.count where self[offset + index] != other[index] { return false }
        return true
    }
}

extension UInt8 {
    /// An ASCII letter in lower case; any other byte itself.
    var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

    /// An ASCII letter as a capital; any other byte itself.
    var uppercased: UInt8 { (0x61...0x7A).contains(self) ? self & 0xDF : self }
}
