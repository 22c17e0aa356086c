/// The patterns of one `.gitignore`, applied to paths below its folder.
///
/// - Source: gitignore(5) and git's dir.c, with which it agrees byte by byte.
struct GitIgnore: Sendable {
    private struct Pattern {
        let glob: GlobPattern
        let isNegated: Bool
        let foldersOnly: Bool
        let isAnchored: Bool
    }

    private let patterns: [Pattern]

    init(_ bytes: [UInt8]) {
        // A byte order mark is no part of the first pattern.
        patterns = SourceText.content(of: bytes[...]).split(separator: 0x0A)
            .compactMap(Self.pattern)
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
            if pattern.glob.matches(candidate) { return !pattern.isNegated }
        }
        return nil
    }

    private static func pattern(of bytes: ArraySlice<UInt8>) -> Pattern? {
        guard bytes.first != UInt8(ascii: "#") else { return nil }
        var line = withoutTrailingSpaces(bytes.last == 0x0D ? bytes.dropLast() : bytes)
        let isNegated = line.first == UInt8(ascii: "!")
        if isNegated { line.removeFirst() }
        let foldersOnly = line.last == UInt8(ascii: "/")
        if foldersOnly { line.removeLast() }
        let isAnchored = line.contains(UInt8(ascii: "/"))
        if line.first == UInt8(ascii: "/") { line.removeFirst() }
        guard !line.isEmpty else { return nil }
        return Pattern(
            glob: GlobPattern(exactly: line), isNegated: isNegated, foldersOnly: foldersOnly,
            isAnchored: isAnchored)
    }

    /// A space at the end counts only where a backslash takes it as it is.
    private static func withoutTrailingSpaces(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var index = line.startIndex
        while index < line.endIndex {
            let isEscape = line[index] == UInt8(ascii: "\\")
            let isSpace = line[index] == 0x20
            index = min(index + (isEscape ? 2 : 1), line.endIndex)
            if !isSpace { end = index }
        }
        return line[..<end]
    }
}
