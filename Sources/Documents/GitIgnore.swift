/// The patterns of one `.gitignore`, applied to paths below its folder.
///
/// - Source: gitignore(5). Patterns are matched on bytes; bracket classes know ranges and negation.
struct GitIgnore: Sendable {
    private struct Pattern {
        let segments: [[UInt8]]
        let isNegated: Bool
        let foldersOnly: Bool
        let isAnchored: Bool
    }

    private let patterns: [Pattern]

    init(_ text: String) {
        patterns = text.utf8.split(separator: 0x0A).compactMap { Self.pattern(of: Array($0)) }
    }

    /// What the last matching pattern says of a path; nil where none matches.
    ///
    /// - Parameters:
    ///   - path: segments below the file's folder, at least one.
    ///   - isFolder: whether the path names a folder.
    /// - Returns: whether the path is ignored, or nil.
    func ignores(_ path: [String], isFolder: Bool) -> Bool? {
        let segments = path.map { Array($0.utf8) }
        for pattern in patterns.reversed() {
            if pattern.foldersOnly && !isFolder { continue }
            let candidate = pattern.isAnchored ? segments[...] : segments.suffix(1)
            if Self.matches(pattern.segments[...], candidate) { return !pattern.isNegated }
        }
        return nil
    }

    private static func pattern(of bytes: [UInt8]) -> Pattern? {
        var line = bytes
        if line.last == 0x0D { line.removeLast() }
        while line.last == 0x20, line.dropLast().last != UInt8(ascii: "\\") { line.removeLast() }
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        let isNegated = first == UInt8(ascii: "!")
        if isNegated { line.removeFirst() }
        let foldersOnly = line.last == UInt8(ascii: "/")
        if foldersOnly { line.removeLast() }
        guard !line.isEmpty else { return nil }
        let isAnchored = line.contains(UInt8(ascii: "/"))
        if line.first == UInt8(ascii: "/") { line.removeFirst() }
        let segments = line.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
            .map { Array($0) }
        guard !segments.isEmpty else { return nil }
        return Pattern(
            segments: segments, isNegated: isNegated, foldersOnly: foldersOnly,
            isAnchored: isAnchored)
    }

    private static func matches(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool
    {
        guard let first = pattern.first else { return path.isEmpty }
        if first == [UInt8](repeating: UInt8(ascii: "*"), count: 2) {
            // A final `**` needs something below it; elsewhere it also matches no segment.
            if pattern.count == 1 { return !path.isEmpty }
            return path.indices.contains { matches(pattern.dropFirst(), path[$0...]) }
        }
        guard let name = path.first else { return false }
        return GlobPattern.matches(first[...], name[...])
            && matches(pattern.dropFirst(), path.dropFirst())
    }
}
