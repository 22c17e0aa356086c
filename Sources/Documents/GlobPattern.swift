/// A shell pattern over paths: `*` and `?` stop at `/`, `**` does not, `[a-z]` and `[!x]` are classes.
public struct GlobPattern: Sendable, Equatable {
    private let segments: [[UInt8]]

    /// A pattern for paths relative to some folder.
    ///
    /// One without a `/` matches a name anywhere.
    public init(_ pattern: String) {
        let parts = pattern.split(separator: "/").map { Array($0.utf8) }
        let anywhere = [UInt8](repeating: UInt8(ascii: "*"), count: 2)
        segments = pattern.contains("/") ? parts : [anywhere] + parts
    }

    /// Whether the whole of `path` matches.
    public func matches(_ path: String) -> Bool {
        Self.matches(segments[...], path.split(separator: "/").map { Array($0.utf8) }[...])
    }

    private static func matches(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool
    {
        guard let first = pattern.first else { return path.isEmpty }
        if first.count == 2, first.allSatisfy({ $0 == UInt8(ascii: "*") }) {
            if pattern.count == 1 { return true }
            return path.indices.contains { matches(pattern.dropFirst(), path[$0...]) }
        }
        guard let name = path.first else { return false }
        return matches(first[...], name[...]) && matches(pattern.dropFirst(), path.dropFirst())
    }

    /// One segment against one name, by backtracking over the last `*` only.
    ///
    /// - Complexity: O(pattern · name).
    static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var (p, n) = (pattern.startIndex, name.startIndex)
        var retry: (p: Int, n: Int)?
        while n < name.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                retry = (p + 1, n)
                p += 1
            } else if p < pattern.endIndex, let end = matchOne(pattern, p, name[n]) {
                p = end
                n += 1
            } else if let (star, from) = retry {
                retry = (star, from + 1)
                (p, n) = (star, from + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Where the pattern goes on after one element that matches `byte`; nil where it does not.
    private static func matchOne(_ pattern: ArraySlice<UInt8>, _ at: Int, _ byte: UInt8) -> Int? {
        switch pattern[at] {
        case UInt8(ascii: "?"): return at + 1
        case UInt8(ascii: "["):
            guard let (end, isMember) = matchClass(pattern, at, byte) else {
                return byte == pattern[at] ? at + 1 : nil
            }
            return isMember ? end : nil
        case UInt8(ascii: "\\") where at + 1 < pattern.endIndex:
            return pattern[at + 1] == byte ? at + 2 : nil
        default: return pattern[at] == byte ? at + 1 : nil
        }
    }

    /// Nil where the bracket is never closed.
    private static func matchClass(
        _ pattern: ArraySlice<UInt8>, _ open: Int, _ byte: UInt8
    ) -> (end: Int, isMember: Bool)? {
        var index = open + 1
        var isNegated = false
        if index < pattern.endIndex,
            [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(pattern[index])
        {
            isNegated = true
            index += 1
        }
        let first = index
        var isMember = false
        while index < pattern.endIndex {
            if pattern[index] == UInt8(ascii: "]"), index > first {
                return (index + 1, isMember != isNegated)
            }
            let low = pattern[index]
            if index + 2 < pattern.endIndex, pattern[index + 1] == UInt8(ascii: "-"),
                pattern[index + 2] != UInt8(ascii: "]")
            {
                isMember = isMember || (low <= byte && byte <= pattern[index + 2])
                index += 3
            } else {
                isMember = isMember || low == byte
                index += 1
            }
        }
        return nil
    }
}
