import Embedding
import Foundation
import Retrieval
import Store
import TestSupport

/// A memory in a folder of its own.
struct MemoryRoom {
    let folder: TemporaryFolder
    let memory: MemoryPaths
    let embedder: EmbedderAvailability
    /// Of all searches of this room, as in a service.
    let vectors: PassageVectors
    /// 2026-11-20, midnight in UTC.
    static let now = Date(timeIntervalSince1970: 1_795_132_800)
    static let words = EmbedderAvailability.unavailable(reason: "none in tests")
    static let hashing = EmbedderAvailability.ready(HashingEmbedder())

    /// A folder with some files; nothing is indexed yet.
    init(
        _ files: [String: String] = [:], embedder: EmbedderAvailability = MemoryRoom.words
    ) throws {
        folder = try TemporaryFolder()
        memory = try MemoryPaths(root: folder.path)
        vectors = PassageVectors(memory)
        self.embedder = embedder
        for (name, text) in files { try folder.write(text, to: name) }
    }

    /// The same room with another embedder.
    init(_ room: MemoryRoom, embedder: EmbedderAvailability) {
        folder = room.folder
        memory = room.memory
        vectors = room.vectors
        self.embedder = embedder
    }

    /// A room whose files are indexed.
    static func indexed(
        _ files: [String: String], embedder: EmbedderAvailability = MemoryRoom.words
    ) async throws -> MemoryRoom {
        let room = try MemoryRoom(files, embedder: embedder)
        try await room.index()
        return room
    }

    var paths: RootedPaths { RootedPaths(root: folder.path) }

    func path(_ name: String) -> String { name == "." ? folder.path : folder.path + "/" + name }

    func reader() throws -> MemoryReader { try MemoryReader(memory) }

    /// Indexes places below the folder; the whole folder unless told otherwise.
    @discardableResult
    func index(
        _ names: [String] = ["."], collection: String? = nil, isDryRun: Bool = false
    ) async throws -> IndexReport {
        try await run(
            IndexRequest(paths: names.map(path), collection: collection, isDryRun: isDryRun))
    }

    /// Indexes everything that is known.
    @discardableResult
    func indexKnown() async throws -> IndexReport { try await run(IndexRequest()) }

    func run(_ request: IndexRequest) async throws -> IndexReport {
        let library = try Library(memory, embedder: embedder)
        return try await library.index(request, now: Self.now)
    }

    func search(_ request: SearchRequest) async throws -> SearchReply {
        try await Searcher(reader(), paths: paths, embedder: embedder, vectors: vectors)
            .search(request, now: Self.now)
    }

    func search(_ query: String) async throws -> SearchReply {
        try await search(SearchRequest(query))
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }

    /// The paths of all documents, in order.
    func documents() throws -> [String] { try reader().documentSummaries().map(\.path) }

    /// Notes events: times with what happened.
    func note(_ events: [(time: String, summary: String)]) throws {
        try MemoryWriter(memory).append(
            events.compactMap {
                TimelineEvent(line: #"{"ts":"\#($0.time)","summary":"\#($0.summary)"}"#)
            })
    }

    /// The passages of a document: their ids.
    func ids(_ name: String) throws -> [ChunkID] {
        try reader().passages(ofDocumentAt: name).map(\.id)
    }

    /// A page whose sections are each long enough for a passage of their own.
    static func page(_ title: String, sections: [String]) -> String {
        let filler = String(
            repeating: "More is told here about the matter of this part. ", count: 14)
        return "# \(title)\n\n"
            + sections.map { "## \($0)\n\nAbout \($0). \(filler)\n\n" }.joined()
    }
}
