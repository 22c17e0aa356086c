/// What stands between two slashes of a pattern.
///
/// - Source: git's wildmatch.c; the names of classes are POSIX's.
enum GlobSegment: Sendable, Equatable {
    /// `**`: any folders, even none.
    case folders
    /// A name, element by element.
    case name([Element])

    /// What matches one byte of a name, or a run of them.
    enum Element: Sendable, Equatable {
        case byte(UInt8)
        case anyByte
        case oneOf(Set<UInt8>)
        case anyRun
    }

    /// The segments of a pattern, empty ones too; nil where it can match nothing.
    static func segments(of pattern: [UInt8]) -> [GlobSegment]? {
        var parser = GlobParser(pattern)
        return parser.segments()
    }

    /// Whether the whole name matches, by backtracking over the last `*` only.
    ///
    /// - Complexity: O(elements · name).
    func matches(_ name: [UInt8]) -> Bool {
        guard case .name(let elements) = self else { return true }
        var (at, offset) = (0, 0)
        var retry: (at: Int, offset: Int)?
        while offset < name.count {
            if at < elements.count, elements[at] == .anyRun {
                at += 1
                retry = (at, offset)
            } else if at < elements.count, elements[at].matches(name[offset]) {
                at += 1
                offset += 1
            } else if let last = retry {
                (at, offset) = (last.at, last.offset + 1)
                retry = (at, offset)
            } else {
                return false
            }
        }
        return elements[at...].allSatisfy { $0 == .anyRun }
    }
}

extension GlobSegment.Element {
    fileprivate func matches(_ byte: UInt8) -> Bool {
        switch self {
        case .byte(let own): own == byte
        case .oneOf(let members): members.contains(byte)
        case .anyByte, .anyRun: true
        }
    }
}

/// Reads a pattern from its first byte to its last.
private struct GlobParser {
    private let bytes: [UInt8]
    private var next = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func segments() -> [GlobSegment]? {
        var segments: [GlobSegment] = []
        var elements: [GlobSegment.Element] = []
        func end() {
            let isFolders = elements.count > 1 && elements.allSatisfy { $0 == .anyRun }
            segments.append(isFolders ? .folders : .name(elements))
            elements = []
        }
        while let byte = read() {
            switch byte {
            case UInt8(ascii: "/"): end()
            case UInt8(ascii: "*"): elements.append(.anyRun)
            case UInt8(ascii: "?"): elements.append(.anyByte)
            case UInt8(ascii: "["):
                guard let members = readClass() else { return nil }
                elements.append(.oneOf(members))
            case UInt8(ascii: "\\"):
                guard let byte = read() else { return nil }
                if byte == UInt8(ascii: "/") { end() } else { elements.append(.byte(byte)) }
            default: elements.append(.byte(byte))
            }
        }
        end()
        return segments
    }

    /// What a bracket names, from the byte after it; nil where nothing closes it.
    private mutating func readClass() -> Set<UInt8>? {
        let isNegated = peek == UInt8(ascii: "!") || peek == UInt8(ascii: "^")
        if isNegated { next += 1 }
        var members: Set<UInt8> = []
        /// The byte that a range would begin with.
        var low: UInt8?
        let first = next
        while let byte = read() {
            switch byte {
            case UInt8(ascii: "]") where next > first + 1:
                return isNegated ? Set(0...255).subtracting(members) : members
            case UInt8(ascii: "\\"):
                guard let byte = read() else { return nil }
                members.insert(byte)
                low = byte
            case UInt8(ascii: "-") where low != nil && peek != nil && peek != UInt8(ascii: "]"):
                guard let start = low, let end = readLiteral() else { return nil }
                if start <= end { members.formUnion(start...end) }
                low = nil
            case UInt8(ascii: "[") where peek == UInt8(ascii: ":"):
                guard let close = bytes[next...].firstIndex(of: UInt8(ascii: "]")) else {
                    return nil
                }
                guard close > next + 1, bytes[close - 1] == UInt8(ascii: ":") else { fallthrough }
                guard let named = Self.members(ofClass: bytes[(next + 1)..<(close - 1)]) else {
                    return nil
                }
                members.formUnion(named)
                next = close + 1
                low = nil
            default:
                members.insert(byte)
                low = byte
            }
        }
        return nil
    }

    private static func members(ofClass name: ArraySlice<UInt8>) -> Set<UInt8>? {
        let digits = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
        let upper = Set(UInt8(ascii: "A")...UInt8(ascii: "Z"))
        let lower = Set(UInt8(ascii: "a")...UInt8(ascii: "z"))
        let visible = Set<UInt8>(0x21...0x7E)
        return switch String(decoding: name, as: UTF8.self) {
        case "alnum": digits.union(upper).union(lower)
        case "alpha": upper.union(lower)
        case "blank": [0x20, 0x09]
        case "cntrl": Set(0x00...0x1F).union([0x7F])
        case "digit": digits
        case "graph": visible
        case "lower": lower
        case "print": visible.union([0x20])
        case "punct": visible.subtracting(digits).subtracting(upper).subtracting(lower)
        case "space": Set(0x09...0x0D).union([0x20])
        case "upper": upper
        case "xdigit": digits.union("abcdefABCDEF".utf8)
        default: nil
        }
    }

    private var peek: UInt8? { next < bytes.count ? bytes[next] : nil }

    private mutating func read() -> UInt8? {
        guard let byte = peek else { return nil }
        next += 1
        return byte
    }

    /// A byte, or the one that a backslash takes as it is.
    private mutating func readLiteral() -> UInt8? {
        let byte = read()
        return byte == UInt8(ascii: "\\") ? read() : byte
    }
}
