internal import Foundation
internal import Glibc

/// The name of a run: a lower-case letter or digit, then up to 63 of `a-z 0-9 . _ -`.
public struct RunID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let rawValue: String

    /// Nil where the name is not allowed; it becomes a folder's name.
    public init?(rawValue: String) {
        guard rawValue.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,63}/) != nil else { return nil }
        self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }
}

/// The files of one run, each written whole or not at all.
public struct RunFolder: Sendable {
    /// The run.
    public let id: RunID
    /// Where its files lie.
    public let path: String

    /// The folder of a run; nothing is made yet.
    public init(_ id: RunID, in paths: MemoryPaths) {
        self.id = id
        path = paths.runs + "/" + id.rawValue
    }

    /// Whether the run has any file.
    public var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes the folder.
    ///
    /// - Returns: false where there is one already, whoever made it.
    /// - Throws: `StoreError.system`.
    public func reserve() throws(StoreError) -> Bool {
        try AtomicFile.makeFolder(URL(filePath: path).deletingLastPathComponent().path)
        if mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw .system(path: path, errno: errno) }
        return false
    }

    /// Gives the name back where nothing was written under it.
    public func removeWhereEmpty() {
        rmdir(path)
    }

    /// The bytes of one of its files; nil where there is none.
    public func read(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path + "/" + name).map { Array($0) }
    }

    /// The paths of its files below it, sorted; none where there is no such run.
    public func files() -> [String] {
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: path + "/" + name, isDirectory: &isFolder)
            return exists && !isFolder.boolValue && !name.hasPrefix(".")
        }.sorted()
    }

    /// Writes files in order; each is whole or absent.
    ///
    /// - Parameter files: names without `/`, with their bytes.
    /// - Throws: `StoreError.system`.
    public func write(_ files: [(name: String, bytes: [UInt8])]) throws(StoreError) {
        for file in files { try AtomicFile.write(file.bytes, to: path + "/" + file.name) }
    }
}
