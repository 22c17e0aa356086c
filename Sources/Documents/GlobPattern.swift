/// A shell pattern over paths: `*` and `?` stop at `/`, `**` does not, `[a-z]` and `[!x]` are classes.
///
/// Patterns and paths are compared as bytes. A bracket that nothing closes and a backslash at the
/// end match nothing.
public struct GlobPattern: Sendable, Equatable {
    private let segments: [GlobSegment]

    /// A pattern for paths relative to some folder.
    ///
    /// One without a `/` matches a name anywhere; the empty one matches nothing.
    public init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        let parts = GlobSegment.segments(of: bytes)?.filter { $0 != .name([]) } ?? [.name([])]
        let isName = !bytes.contains(UInt8(ascii: "/")) && !parts.isEmpty
        segments = isName ? [.folders] + parts : parts
    }

    /// A pattern whose every slash counts: two in a row match nothing.
    init(exactly pattern: some Sequence<UInt8>) {
        segments = GlobSegment.segments(of: Array(pattern)) ?? [.name([])]
    }

    /// Whether the whole of `path` matches.
    ///
    /// - Complexity: O(pattern · path).
    public func matches(_ path: String) -> Bool {
        matches(path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) })
    }

    /// Whether the names of a path match one after the other.
    func matches(_ path: some Sequence<[UInt8]>) -> Bool {
        // Whether the names so far can be matched by so many of the pattern's segments.
        var isReached = [Bool](repeating: false, count: segments.count + 1)
        isReached[0] = true
        passFolders(&isReached)
        for name in path {
            var next = [Bool](repeating: false, count: segments.count + 1)
            for (index, segment) in segments.enumerated() where isReached[index] {
                switch segment {
                case .folders:
                    next[index] = true
                    next[index + 1] = next[index + 1] || index == segments.count - 1
                case .name: next[index + 1] = next[index + 1] || segment.matches(name)
                }
            }
            passFolders(&next)
            isReached = next
        }
        return isReached[segments.count]
    }

    /// `**` also matches no folder at all, but at the end it needs something below it.
    private func passFolders(_ isReached: inout [Bool]) {
        for (index, segment) in segments.dropLast().enumerated() where segment == .folders {
            isReached[index + 1] = isReached[index + 1] || isReached[index]
        }
    }
}
