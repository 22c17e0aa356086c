import Documents
import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Facts and passages, packed to a budget, with what was left out and why.
@Suite struct ContextBuilderTests {
    static let goals = ["queue letters", "Page matter", "zyzzyva"]

    static func room(
        _ embedder: EmbedderAvailability = MemoryRoom.words
    ) async throws -> MemoryRoom {
        var files = SearcherTests.files
        let sections = ["Alpha", "Beta", "Gamma", "Delta"]
        files["runbooks/page.md"] = MemoryRoom.page("Page", sections: sections)
        files["runbooks/other.md"] = MemoryRoom.page(
            "Other", sections: sections.map { "Other \($0)" })
        let room = try MemoryRoom(files, embedder: embedder)
        try setFacts(in: room.memory)
        try room.note((1...12).map { ("2026-11-01T00:00:\($0 + 10)Z", "something \($0)") })
        try await room.index()
        return room
    }

    private static func setFacts(in memory: MemoryPaths) throws {
        let writer = try MemoryWriter(memory)
        var facts = (1...40).map { (key: "owner.team\($0)", value: "person number \($0)") }
        facts += [("owner.queue", "platform"), ("budget.page", "5"), ("other.queue", "x")]
        facts += [("ownership.queue", "no group"), ("Account.prod", "1"), ("endpoint", "e")]
        try writer.setFacts(facts, now: MemoryRoom.now)
    }

    static func context(
        _ goal: String, budget: Int, prefixes: [String] = [], in room: MemoryRoom
    ) async throws -> Context {
        let builder = ContextBuilder(
            try room.reader(), paths: room.paths, embedder: room.embedder,
            vectors: room.vectors)
        return try await builder.context(
            for: goal, budget: budget, factPrefixes: prefixes, now: MemoryRoom.now)
    }

    @Test func `the budget is never exceeded and nothing is left out in silence`() async throws {
        for embedder in [MemoryRoom.words, MemoryRoom.hashing] {
            let room = try await Self.room(embedder)
            for goal in Self.goals {
                let all = try await Self.context(goal, budget: 1_000_000, in: room)
                #expect(all.omitted.isEmpty)
                for budget in [0, 1, 7, 40, 100, 250, 500, 1000, 2000, 6000] {
                    let context = try await Self.context(goal, budget: budget, in: room)
                    let facts = context.facts.map(Context.rendered)
                    let parts =
                        facts + context.passages.map(\.rendered)
                        + context.events.map(Context.rendered)
                    // Counted over the very text that is shown.
                    #expect(
                        context.tokens == TokenEstimate.tokens(in: parts.joined(separator: "\n")))
                    #expect(context.tokens <= budget)
                    #expect(
                        TokenEstimate.tokens(in: facts.joined(separator: "\n")) <= budget / 4)
                    #expect(
                        parts.count + context.omitted.count
                            == all.facts.count + all.passages.count + all.events.count,
                        "\(goal) \(budget)")
                    #expect(context.omitted.allSatisfy { !$0.reason.isEmpty && $0.tokens > 0 })
                    #expect(context.relatedFactCount <= context.facts.count)
                }
            }
        }
    }

    @Test func `the passages of a document stand together in the order of the file`() async throws {
        let room = try await Self.room()
        for budget in [300, 1000, 6000] {
            let context = try await Self.context("Page matter gamma", budget: budget, in: room)
            var seen: [String] = []
            for (index, passage) in context.passages.enumerated() {
                let citation = passage.citation
                if index > 0, context.passages[index - 1].citation.path == citation.path {
                    let before = context.passages[index - 1].citation
                    #expect(before.endLine <= citation.startLine)
                } else {
                    #expect(!seen.contains(citation.path), "\(citation.path) comes in two parts")
                    seen.append(citation.path)
                }
            }
        }
        let whole = try await Self.context("Page matter gamma", budget: 6000, in: room)
        #expect(whole.passages.count { $0.citation.path == "runbooks/page.md" } == 4)
    }

    @Test func `passages are the lines that they cite`() async throws {
        let room = try await Self.room()
        let context = try await Self.context("Page matter", budget: 6000, in: room)
        #expect(!context.passages.isEmpty)
        for passage in context.passages {
            let excerpt = try FileExcerpt.read(
                ExcerptRequest(passage.citation.description), paths: room.paths, reader: nil)
            #expect(excerpt.text == passage.text && excerpt.hash == passage.hash)
            #expect(!passage.isStale)
        }
        try room.folder.write("# Page\n\nmatter\n", to: "runbooks/page.md")
        let later = try await Self.context("Page matter", budget: 6000, in: room)
        #expect(
            later.passages.allSatisfy { $0.isStale == ($0.citation.path == "runbooks/page.md") })
    }

    @Test func `facts that share words with the goal come first`() async throws {
        let room = try await Self.room()
        let context = try await Self.context("queue letters", budget: 6000, in: room)
        #expect(context.facts.first?.key == "owner.queue")
        #expect(context.relatedFactCount >= 1)
        let keys = Set(context.facts.map(\.key))
        #expect(keys.isSuperset(of: ["owner.team1", "budget.page", "Account.prod", "endpoint"]))
        #expect(keys.isDisjoint(with: ["other.queue", "ownership.queue"]))
        let more = try await Self.context(
            "queue letters", budget: 6000, prefixes: ["other."], in: room)
        #expect(more.facts.contains { $0.key == "other.queue" })
        #expect(!more.facts.contains { $0.key == "ownership.queue" })
    }

    @Test func `an empty memory gives an empty context that says so`() async throws {
        let room = try await MemoryRoom.indexed([:])
        let context = try await Self.context("anything", budget: 100, in: room)
        #expect(context.passages.isEmpty && context.facts.isEmpty && context.omitted.isEmpty)
        #expect(context.tokens == 0 && context.generation == 0)
        #expect(context.degraded.contains { $0.contains("none in tests") })
        await #expect(throws: RetrievalError.emptyQuery) {
            try await Self.context(" ", budget: 100, in: room)
        }
    }
}
