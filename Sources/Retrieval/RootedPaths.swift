internal import Foundation
internal import Glibc

/// Translates between places in the file system and the paths that a memory stores.
///
/// A stored path is relative to the root when it lies below it, else absolute. It never ends in `/`.
public struct RootedPaths: Sendable, Equatable {
    /// The root's real path.
    public let root: String

    /// Paths of the memory below `root`, whose links are resolved once, here.
    public init(root: String) {
        self.root = Self.real(root) ?? URL(filePath: root).standardizedFileURL.path
    }

    /// The stored form of a place; its links are resolved where it exists.
    ///
    /// - Parameter path: absolute, or relative to the current folder.
    /// - Returns: the stored path.
    public func stored(_ path: String) -> String {
        let absolute = Self.resolved(path)
        if absolute == root { return "." }
        let prefix = root == "/" ? "/" : root + "/"
        return absolute.hasPrefix(prefix) ? String(absolute.dropFirst(prefix.count)) : absolute
    }

    /// Where a stored path lies.
    public func location(of stored: String) -> String {
        if stored == "." { return root }
        return stored.hasPrefix("/") ? stored : (root == "/" ? "" : root) + "/" + stored
    }

    /// Whether a stored path is `folder` or lies below it.
    static func isWithin(_ path: String, _ folder: String) -> Bool {
        if folder == "." { return !path.hasPrefix("/") }
        return path == folder || path.hasPrefix(folder + "/")
    }

    /// The path with links resolved as far as it exists.
    private static func resolved(_ path: String) -> String {
        if let real = real(path) { return real }
        var missing: [String] = []
        var above = URL(filePath: path).standardizedFileURL
        while above.path != "/" {
            missing.insert(above.lastPathComponent, at: 0)
            above.deleteLastPathComponent()
            if let real = real(above.path) {
                return (real == "/" ? "" : real) + "/" + missing.joined(separator: "/")
            }
        }
        return URL(filePath: path).standardizedFileURL.path
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
