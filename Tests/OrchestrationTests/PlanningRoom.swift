import Documents
import Foundation
import Orchestration
import Retrieval
import Store
import TestSupport

/// A memory of a few pages in a folder of its own, for planning from.
struct PlanningRoom {
    let folder: TemporaryFolder
    let memory: MemoryPaths
    /// 2026-11-20, midnight in UTC.
    static let now = Date(timeIntervalSince1970: 1_795_132_800)

    /// Writes the pages, sets the facts and indexes everything, by words alone.
    init(_ pages: [String: String], facts: [String: String] = [:]) async throws {
        folder = try TemporaryFolder()
        memory = try MemoryPaths(root: folder.path)
        for (name, text) in pages { try folder.write(text, to: name) }
        try Self.setFacts(facts, in: memory)
        try await Self.index(memory)
    }

    /// The folder of example pages that the project ships.
    static let corpora = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "corpora")

    /// A copy of the example pages.
    static func ofCorpora() async throws -> PlanningRoom {
        var pages: [String: String] = [:]
        for name in ["runbooks", "playbooks", "docs"] {
            let folder = corpora.appending(path: name)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                pages["\(name)/\(file)"] = try String(
                    contentsOf: folder.appending(path: file), encoding: .utf8)
            }
        }
        return try await PlanningRoom(pages)
    }

    func context(_ goal: String, budget: Int = 6000) async throws -> Context {
        let builder = ContextBuilder(
            try MemoryReader(memory), paths: RootedPaths(root: folder.path),
            embedder: .unavailable(reason: "none in tests"), vectors: PassageVectors(memory))
        return try await builder.context(for: goal, budget: budget, now: Self.now)
    }

    func plan(
        _ goal: Goal, budget: Int = 6000, policy: AgentDefinition = AgentDefinition()
    ) async throws -> Plan {
        try await OfflinePlanner(policy: policy)
            .plan(goal, using: context(goal.text, budget: budget))
    }

    /// The plan of a goal as a page, read back.
    func page(_ goal: String) async throws -> PlanPage {
        PlanPage(
            PlanDocument(
                try await plan(Goal(goal)), run: "r", generation: 1,
                createdAt: "2026-11-20T00:00:00Z"
            ).markdown)
    }

    /// The lines of a file of the room, 1-based.
    func lines(_ citation: Citation) throws -> [String] {
        let text = try String(
            contentsOf: folder.url.appending(path: citation.path), encoding: .utf8)
        let lines = text.components(separatedBy: "\n")
        guard citation.startLine >= 1, citation.endLine <= lines.count else { return [] }
        return Array(lines[(citation.startLine - 1)..<citation.endLine])
    }

    private static func setFacts(_ facts: [String: String], in memory: MemoryPaths) throws {
        let writer = try MemoryWriter(memory)
        try writer.setFacts(facts.map { (key: $0, value: $1) }, now: now)
    }

    private static func index(_ memory: MemoryPaths) async throws {
        let library = try Library(memory, embedder: .unavailable(reason: "none in tests"))
        _ = try await library.index(IndexRequest(paths: [memory.root]), now: now)
    }
}
