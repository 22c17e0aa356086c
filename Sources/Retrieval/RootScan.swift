internal import Documents
internal import Foundation
internal import Store

/// The roots that a request means, and the files below them.
struct RootScan {
    /// The roots in order of their paths, so that every run sees the files in the same order.
    let roots: [IndexedRoot]
    /// Every file to read: its stored path and its root.
    private(set) var files: [(path: String, root: IndexedRoot)] = []
    /// Roots that are known but whose place is gone.
    private(set) var missing: [IndexedRoot] = []
    /// What was left out.
    private(set) var diagnostics: [Diagnostic] = []

    /// Folders that are read where they exist, below the root.
    static let builtIn = ["docs", "runbooks", "playbooks"]

    /// Finds the files of a request.
    ///
    /// - Throws: `RetrievalError.pathNotFound`, `.nothingToIndex`, `DocumentError`.
    init(
        _ request: IndexRequest, known: [IndexedRoot], paths: RootedPaths, memory: MemoryPaths
    ) throws {
        roots = try Self.roots(of: request, known: known, paths: paths, memory: memory)
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        // A known root inside keeps its files' collection, unless the request names a deeper one.
        let owners = known.filter { one in !roots.contains { $0.path == one.path } } + roots
        let memoryFolder = paths.stored(memory.folder)
        let runs = paths.stored(memory.runs)
        let notes = memoryFolder + "/notes"
        var seen: Set<String> = []
        for root in roots {
            let location = paths.location(of: root.path)
            guard FileManager.default.fileExists(atPath: location) else {
                missing.append(root)
                diagnostics.append(
                    Diagnostic(.unreadable, path: root.path, "a root that is no longer there"))
                continue
            }
            // A root that has become a link would lead the memory elsewhere.
            guard paths.stored(location) == root.path else {
                diagnostics.append(
                    Diagnostic(.symlink, path: root.path, "a root that is a link: not followed"))
                continue
            }
            let isBuiltIn = Self.builtIn.contains(root.path) || [runs, notes].contains(root.path)
            let walk = try FolderWalk(location, obeysParents: !isBuiltIn)
            for file in walk.files {
                let path = paths.stored(file)
                guard Self.isIndexable(path, memory: memoryFolder, runs: runs),
                    seen.insert(path).inserted
                else { continue }
                files.append((path, Self.owner(of: path, among: owners) ?? root))
            }
            diagnostics += walk.diagnostics
                .filter {
                    Self.isIndexable(paths.stored($0.path), memory: memoryFolder, runs: runs)
                }
                .map { $0.renamed(paths.stored($0.path)) }
        }
    }

    /// Of the memory's own folder only retrospectives and notes are read, so that a plan never
    /// cites a plan.
    private static func isIndexable(_ path: String, memory: String, runs: String) -> Bool {
        guard RootedPaths.isWithin(path, memory) else { return true }
        if RootedPaths.isWithin(path, memory + "/notes") { return true }
        guard RootedPaths.isWithin(path, runs), path.hasSuffix("/retrospective.md") else {
            return false
        }
        return path.dropFirst(runs.count + 1).split(separator: "/").count == 2
    }

    /// The deepest of the roots that hold a file.
    private static func owner(of path: String, among roots: [IndexedRoot]) -> IndexedRoot? {
        roots.filter { RootedPaths.isWithin(path, $0.path) }
            .max { $0.path.utf8.count < $1.path.utf8.count }
    }

    private static func roots(
        of request: IndexRequest, known: [IndexedRoot], paths: RootedPaths, memory: MemoryPaths
    ) throws -> [IndexedRoot] {
        func collection(_ path: String) -> String {
            if let collection = request.collection { return collection }
            let name = URL(filePath: paths.location(of: path)).lastPathComponent
            return name.isEmpty || name == "/" ? "root" : name
        }
        guard request.paths.isEmpty else {
            return try request.paths.map { path in
                guard FileManager.default.fileExists(atPath: path) else {
                    throw RetrievalError.pathNotFound(path)
                }
                let stored = paths.stored(path)
                return IndexedRoot(path: stored, collection: collection(stored))
            }
        }
        let places = builtIn + [paths.stored(memory.runs), paths.stored(memory.folder) + "/notes"]
        let present = places.filter { place in
            !known.contains { RootedPaths.isWithin(place, $0.path) }
                && FileManager.default.fileExists(atPath: paths.location(of: place))
        }
        let roots = known + present.map { IndexedRoot(path: $0, collection: collection($0)) }
        guard !roots.isEmpty else { throw RetrievalError.nothingToIndex(looked: builtIn) }
        return roots
    }
}

extension Diagnostic {
    /// The same remark about the same file under its stored path.
    func renamed(_ path: String) -> Diagnostic {
        Diagnostic(code, path: path, line: line, message)
    }
}
