import Documents
import Foundation
import Retrieval
import Synchronization
import TestSupport
import Testing

/// What a reranker may change of a search, and what it may not.
@Suite struct RerankingTests {
    /// Answers with the order that it is told, and notes what it was shown.
    private final class ScriptedReranker: Reranker {
        let name = "test:reranker"
        private let answer: Result<[Int], RerankError>
        private let shown = Mutex<[[RerankPassage]]>([])

        init(_ answer: Result<[Int], RerankError>) {
            self.answer = answer
        }

        convenience init(_ order: [Int]) { self.init(.success(order)) }

        var calls: [[RerankPassage]] { shown.withLock { $0 } }

        func order(of passages: [RerankPassage], for query: String) async throws -> [Int] {
            shown.withLock { $0.append(passages) }
            return try answer.get()
        }
    }

    private static let pages = [
        "docs/a.md": "# Pump\n\nPrime the pump, prime the pump again.\n",
        "docs/b.md": "# Valve\n\nOpen the valve before the pump.\n",
        "docs/c.md": "# Motor\n\nA motor drives the pump by day.\n",
        "docs/d.md": "# Belt\n\nThe belt between motor and pump wears off in a year.\n",
    ]

    private func search(
        _ room: MemoryRoom, _ reranker: ScriptedReranker?,
        _ change: (inout SearchRequest) -> Void = { _ in }
    ) async throws -> SearchReply {
        var request = SearchRequest("prime the pump")
        change(&request)
        return try await Searcher(
            room.reader(), paths: room.paths, embedder: room.embedder, vectors: room.vectors,
            reranker: reranker
        ).search(request, now: MemoryRoom.now)
    }

    @Test func `what is named comes first, what is left out keeps its order behind`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: MemoryRoom.hashing)
        let plain = try await search(room, nil)
        #expect(plain.rerankedBy == nil && plain.hits.allSatisfy { $0.searchRank == nil })
        let before = plain.hits.map(\.path)
        #expect(before.count == 4)
        // Places that do not exist, and one that comes twice, count for nothing.
        let reranker = ScriptedReranker([2, 99, 0, 2, -1])
        let reply = try await search(room, reranker)
        #expect(reply.hits.map(\.path) == [2, 0, 1, 3].map { before[$0] })
        #expect(reply.hits.map(\.searchRank) == [3, 1, 2, 4])
        #expect(reply.hits.map(\.rank) == [1, 2, 3, 4])
        #expect(reply.hits.map(\.score) == plain.hits.map(\.score), "the places' scores")
        #expect(reply.rerankedBy == "test:reranker" && reply.degraded == plain.degraded)
        let shown = try #require(reranker.calls.first)
        #expect(reranker.calls.count == 1 && shown.map(\.citation.path) == before)
        for (passage, hit) in zip(shown, plain.hits) {
            #expect(passage.breadcrumb == hit.breadcrumb && passage.text.contains("pump"))
            #expect(passage.citation.startLine == hit.startLine)
            #expect(passage.citation.endLine == hit.endLine)
        }
    }

    @Test func `a hit behind those asked for can come first`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages)
        let last = try #require(try await search(room, nil).hits.last)
        let reply = try await search(room, ScriptedReranker([3])) { $0.limit = 1 }
        #expect(reply.hits.map(\.path) == [last.path] && reply.hits.first?.searchRank == 4)
    }

    @Test func `no order leaves the search's own, and is told`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages)
        let plain = try await search(room, nil)
        let failing = ScriptedReranker(.failure(RerankError(reason: "it sleeps")))
        let reply = try await search(room, failing)
        #expect(reply.hits.map(\.path) == plain.hits.map(\.path))
        #expect(reply.rerankedBy == nil && reply.hits.allSatisfy { $0.searchRank == nil })
        #expect(
            reply.degraded.last
                == "the order is the search's own, test:reranker gave none: it sleeps")
        await #expect(throws: RetrievalError.self) {
            try await search(room, failing) {
                $0.mode = .lexical
                $0.isStrict = true
            }
        }
        // Nothing named is an order too.
        let empty = try await search(room, ScriptedReranker([]))
        #expect(empty.hits.map(\.path) == plain.hits.map(\.path))
        #expect(empty.rerankedBy == "test:reranker")
    }

    @Test func `bare vector order and a single hit are not read`() async throws {
        let room = try await MemoryRoom.indexed(Self.pages, embedder: MemoryRoom.hashing)
        let reranker = ScriptedReranker([1, 0])
        let dense = try await search(room, reranker) { $0.mode = .dense }
        #expect(dense.rerankedBy == nil)
        let one = try await search(room, reranker) { $0.pathPattern = "docs/a.md" }
        #expect(one.hits.count == 1 && one.rerankedBy == nil)
        #expect(reranker.calls.isEmpty)
    }

    @Test func `a successor stays before the page whose place it took`() async throws {
        var pages = Self.pages
        pages["docs/a.md"] = SearcherTests.page(
            "Pump", "superseded_by: docs/b.md", text: "Prime the pump, prime the pump again.")
        let room = try await MemoryRoom.indexed(pages, embedder: MemoryRoom.hashing)
        let before = try await search(room, nil).hits.map(\.path)
        let old = try #require(before.firstIndex(of: "docs/a.md"))
        let reply = try await search(room, ScriptedReranker([old]))
        #expect(reply.hits.map(\.path).prefix(2) == ["docs/b.md", "docs/a.md"])
        #expect(reply.hits.map(\.score) == reply.hits.map(\.score).sorted(by: >))
    }

    @Test func `of passages that say the same one is read`() async throws {
        let text = "# Pump\n\nPrime the pump by hand, then look at the gauge and wait for water.\n"
        var pages = Self.pages
        for name in ["x", "y", "z"] { pages["copies/\(name).md"] = text }
        let room = try await MemoryRoom.indexed(pages)
        let plain = try await search(room, nil)
        let reranker = ScriptedReranker([4, 3, 2, 1, 0])
        let reply = try await search(room, reranker)
        #expect(reranker.calls.first?.count == 5)
        #expect(reply.hits.map(\.path) == plain.hits.map(\.path).reversed())
        #expect(
            reply.hits.compactMap { $0.alsoAt?.count } == [2]
                && plain.hits.compactMap { $0.alsoAt?.count } == [2])
        #expect(reply.hits.map(\.score) == plain.hits.map(\.score))
        #expect(reply.hits.map(\.searchRank) == [5, 4, 3, 2, 1])
    }

    @Test func `an order that changes nothing changes no figure`() async throws {
        var pages = Self.pages
        let text = "# Pump\n\nPrime the pump by hand, then look at the gauge and wait for water.\n"
        for name in ["x", "y", "z"] { pages["copies/\(name).md"] = text }
        for number in 1...30 { pages["docs/\(number).md"] = "# P\n\nPump number \(number).\n" }
        let room = try await MemoryRoom.indexed(pages)
        let file = try room.folder.write(
            #"{"query":"prime the pump","relevant":["docs/b.md"]}"# + "\n", to: "q.jsonl")
        let queries = try LabelledQueries.read(file)
        func found(_ order: [Int]?) async throws -> [String] {
            let evaluation = Evaluation(
                embedder: room.embedder, reranker: order.map { ScriptedReranker($0) })
            let outcome = try await evaluation.run(
                queries, named: "q", over: room.memory, now: MemoryRoom.now)
            return outcome.run.results.flatMap(\.found)
        }
        let plain = try await found(nil)
        #expect(plain.count == 10)
        #expect(try await found([]) == plain)
        // The first of those that say the same stands for them; none but one stands before it.
        let copy = try #require(plain.firstIndex { $0.hasPrefix("copies/") })
        let others = plain[..<copy]
        #expect(others.count <= 1)
        let moved = try await found(copy == 0 ? [1] : [copy])
        let heads = copy == 0 ? [plain.first { !$0.hasPrefix("copies/") }] : [plain[copy]]
        #expect([moved.first] == heads)
    }

    @Test func `no more is read than a model reads well`() async throws {
        var pages: [String: String] = [:]
        for number in 1...40 {
            let word = String(number, radix: 3, uppercase: false)
            pages["docs/\(number).md"] = "# Pump \(number)\n\nPrime pump q\(word)z at dawn.\n"
        }
        let room = try await MemoryRoom.indexed(pages)
        let reranker = ScriptedReranker([1, 0])
        let reply = try await search(room, reranker) { $0.limit = 30 }
        #expect(reranker.calls.map(\.count) == [20] && reply.hits.count == 30)
        #expect(reply.hits.map(\.searchRank) == [2, 1] + (3...30).map { $0 })
        // Long passages: 12,000 tokens of them.
        var long: [String: String] = [:]
        for page in 1...12 {
            let lines = (1...200).map { "prime pump \(page * 1000 + $0 * 7) by gauge \($0 * page)" }
            long["docs/\(page).md"] =
                "# Pump \(page)\n\n```\n\(lines.joined(separator: "\n"))\n```\n"
        }
        let heavy = try await MemoryRoom.indexed(long)
        let tokens = try await search(heavy, nil) { $0.limit = 30 }.hits.map(\.tokens)
        let heavyReranker = ScriptedReranker([1, 0])
        _ = try await search(heavy, heavyReranker)
        let count = try #require(heavyReranker.calls.first).count
        #expect(tokens.prefix(count).reduce(0, +) <= 12_000 && count < 12)
        #expect(tokens.prefix(count + 1).reduce(0, +) > 12_000)
    }
}
