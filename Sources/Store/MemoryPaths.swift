internal import Foundation

/// Where the parts of a memory lie.
public struct MemoryPaths: Sendable, Equatable {
    /// The folder that relative paths start from.
    public let root: String
    /// The SQLite file.
    public let database: String
    /// The exported timeline.
    public let timeline: String
    /// The exported timeline as the memory names it: relative to the root.
    public let storedTimeline: String
    /// The published FAISS file.
    public let vectorFile: String

    /// Paths below `root`; the relative ones may come from an agent definition.
    ///
    /// - Throws: `.invalidName` for a path that is absolute, empty or climbs out of the root.
    public init(
        root: String, database: String = "memory/kv.sqlite",
        timeline: String = "memory/timeline.ndjson", vectorFile: String = "memory/vector.faiss"
    ) throws(StoreError) {
        let base = URL(filePath: root).standardizedFileURL.path
        func place(_ relative: String) throws(StoreError) -> String {
            // By bytes: a slash stays one, whatever mark stands on it.
            let parts = relative.utf8.split(separator: UInt8(ascii: "/")).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard relative.utf8.first != UInt8(ascii: "/"), !parts.isEmpty, !parts.contains("..")
            else {
                throw .invalidName(relative)
            }
            return (base == "/" ? "" : base) + "/" + parts.joined(separator: "/")
        }
        self.root = base
        storedTimeline = timeline.split(separator: "/").joined(separator: "/")
        self.database = try place(database)
        self.timeline = try place(timeline)
        self.vectorFile = try place(vectorFile)
    }

    /// The folder of the SQLite file, which holds everything else that is written.
    public var folder: String { URL(filePath: database).deletingLastPathComponent().path }

    /// The lock that writers hold.
    public var lock: String { folder + "/LOCK" }

    /// The folder of the index of a role's vectors.
    public func vectorFolder(_ role: VectorRole) -> String {
        switch role {
        case .main: folder + "/vector"
        case .companion: folder + "/vector/companion"
        }
    }

    /// The folder of runs.
    public var runs: String { folder + "/runs" }
}
