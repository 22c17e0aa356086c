internal import Foundation
internal import Glibc

/// The files below a folder that are worth reading, and what was left out.
public struct FolderWalk: Sendable {
    /// Paths of the files to read, sorted by their bytes; each starts with the folder as given.
    public private(set) var files: [String] = []
    /// Every entry that was left out, once.
    public private(set) var diagnostics: [Diagnostic] = []

    private static let neverEntered: Set<String> = [".git", ".hg", ".svn"]

    /// Walks a folder, or takes a single file as it is.
    ///
    /// Links are never followed. Folders of version control are never entered. Files that no
    /// chunker reads are left out, unless the path itself names one.
    ///
    /// - Parameters:
    ///   - path: a folder or file.
    ///   - obeysParents: whether the `.gitignore` files between the folder and the top of its
    ///     repository count too; those inside the folder always do.
    /// - Throws: `.notFound`, `.unreadable`, `.notARegularFile` for the path itself; what lies below
    ///   it is never an error.
    /// - Complexity: O(entries), O(depth · patterns) for each.
    public init(_ path: String, obeysParents: Bool = true) throws(DocumentError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .notFound(path: path) : .unreadable(path: path, errno: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
            files = [path]
            return
        }
        let base = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let above = obeysParents ? Self.rulesAbove(base) : []
        try visit(base, rules: above, isTop: true)
        files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        diagnostics.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// One `.gitignore` with the segments from its folder down to the folder being visited.
    private struct Rules {
        let ignore: GitIgnore
        var prefix: [String]
    }

    private mutating func visit(_ folder: String, rules: [Rules], isTop: Bool) throws(DocumentError)
    {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            guard !isTop else { throw .unreadable(path: folder, errno: EACCES) }
            diagnostics.append(Diagnostic(.unreadable, path: folder, "the folder cannot be read"))
            return
        }
        var rules = rules
        if names.contains(".gitignore"),
            let bytes = try? fileBytes(at: folder + "/.gitignore", limit: 1 << 20)
        {
            rules.append(Rules(ignore: GitIgnore(bytes), prefix: []))
        }
        for name in names { try visitEntry(name, of: folder, rules: rules) }
    }

    private mutating func visitEntry(
        _ name: String, of folder: String, rules: [Rules]
    ) throws(DocumentError) {
        let path = folder == "/" ? "/" + name : folder + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else {
            diagnostics.append(Diagnostic(.unreadable, path: path, "errno \(errno)"))
            return
        }
        let type = status.st_mode & S_IFMT
        if type == S_IFDIR && Self.neverEntered.contains(name) { return }
        if Self.isIgnored(name, isFolder: type == S_IFDIR, rules) {
            diagnostics.append(Diagnostic(.ignored, path: path, "named by a .gitignore"))
        } else if type == S_IFLNK {
            diagnostics.append(Diagnostic(.symlink, path: path, "a link, not followed"))
        } else if type == S_IFDIR {
            let below = rules.map { Rules(ignore: $0.ignore, prefix: $0.prefix + [name]) }
            try visit(path, rules: below, isTop: false)
        } else if type != S_IFREG {
            diagnostics.append(Diagnostic(.special, path: path, "neither a file nor a folder"))
        } else if DocumentFormat(path: name) != nil {
            files.append(path)
        } else if name != ".gitignore" {
            diagnostics.append(
                Diagnostic(.unsupportedType, path: path, "a kind of file that is not read yet"))
        }
    }

    private static func isIgnored(_ name: String, isFolder: Bool, _ rules: [Rules]) -> Bool {
        for rule in rules.reversed() {
            if let verdict = rule.ignore.ignores(rule.prefix + [name], isFolder: isFolder) {
                return verdict
            }
        }
        return false
    }

    /// The rules of the folders above, up to the one that holds `.git`; none outside a repository.
    private static func rulesAbove(_ folder: String) -> [Rules] {
        var rules: [Rules] = []
        var segments: [String] = []
        var current = URL(filePath: folder).standardizedFileURL
        while current.path != "/" {
            if FileManager.default.fileExists(atPath: current.path + "/.git") { return rules }
            segments.insert(current.lastPathComponent, at: 0)
            current.deleteLastPathComponent()
            if let bytes = try? fileBytes(at: current.path + "/.gitignore", limit: 1 << 20) {
                let ignore = GitIgnore(bytes)
                rules.insert(Rules(ignore: ignore, prefix: segments), at: 0)
            }
        }
        return []
    }
}
