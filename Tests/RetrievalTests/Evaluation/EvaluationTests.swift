import Foundation
import Retrieval
import Store
import TestSupport
import Testing

/// Sets and labelled queries, asked through the pipeline that searches use.
@Suite struct EvaluationTests {
    @Test func `a document ranks where its best passage does`() async throws {
        let run = try await SmallSet.pages().run(mode: .lexical).run
        #expect(run.results.map(\.id) == ["1", "2", "3"])
        #expect(run.results.map(\.found.first) == ["lantern", "b", "c"])
        #expect(run.figures.mean.ndcgAt10 == 1 && run.figures.queryCount == 3)
        #expect(run.documents == 3 && run.chunks > 3)
        #expect(run.results.allSatisfy { Set($0.found).count == $0.found.count })
    }

    @Test func `a document's name is not searched`() async throws {
        let set = try SmallSet(
            corpus: [
                #"{"_id":"walrus","title":"","text":"Nothing of it."}"#,
                #"{"_id":"other","text":"A walrus."}"#,
            ], queries: [#"{"_id":"1","text":"walrus"}"#], judgements: ["1\twalrus\t1"])
        let run = try await set.run(mode: .lexical).run
        #expect(run.results[0].found == ["other"] && run.figures.mean == .zero)
    }

    @Test func `every channel is measured alone`() async throws {
        let hybrid = try await SmallSet.pages().run().run
        #expect(hybrid.mode == .hybrid && hybrid.channels.keys.contains(.lexical))
        let dense = try await SmallSet.pages().run(mode: .dense).run
        #expect(Set(dense.channels.keys) == [.dense])
        #expect(dense.figures == hybrid.channels[.dense])
        let words = try await SmallSet.pages().run(mode: .lexical).run
        #expect(!words.channels.keys.contains(.dense))
        #expect(words.channels[.lexical] == hybrid.channels[.lexical])
    }

    @Test func `a second run embeds nothing anew and finds the same`() async throws {
        let folder = try TemporaryFolder()
        let counting = NotingEmbedder()
        func run() async throws -> EvaluationRun {
            let cache = try EmbeddingCache(path: folder.path + "/cache.sqlite")
            return try await SmallSet.pages()
                .run(.ready(CachedEmbedder(counting, cache: cache))).run
        }
        let first = try await run()
        let count = counting.texts.count
        let second = try await run()
        #expect(count > 0 && counting.texts.count == count)
        #expect(first.results == second.results)
    }

    @Test func `without an embedder words serve, and that is said`() async throws {
        let run = try await SmallSet.pages().run(MemoryRoom.words).run
        #expect(run.mode == .lexical && run.embedder == nil && run.degraded.count == 1)
        await #expect(throws: RetrievalError.self) {
            try await SmallSet.pages().run(MemoryRoom.words, mode: .dense)
        }
    }

    @Test func `odd texts are no trouble`() async throws {
        let set = try SmallSet(
            corpus: [
                #"{"_id":"nul","title":"N\u0000","text":"a\u0000b gong"}"#,
                #"{"_id":"empty","title":"","text":""}"#,
                #"{"_id":"matter","text":"---\ntitle: x\n---\n# y\n"}"#,
                #"{"_id":"../up","text":"gong"}"#,
            ],
            queries: [#"{"_id":"1","text":"gong"}"#, #"{"_id":"2","text":"\"* OR NEAR( \u0000"}"#],
            judgements: ["1\tnul\t1", "1\t../up\t1", "2\tmatter\t1"])
        let run = try await set.run().run
        #expect(run.results[0].figures.recallAt5 == 1)
    }

    @Test func `labelled queries ask the memory as it is`() async throws {
        let room = try await MemoryRoom.indexed([
            "a.md": "# Kettles\n\nWater boils.\n", "b.md": "# Lamps\n\nA lantern.\n",
        ])
        let queries = try LabelledQueries.read(
            room.folder.write(
                """
                {"query":"kettles","relevant":["a.md"],"kind":"name"}
                {"query":"lantern","relevant":["b.md","gone.md"],"kind":"symptom"}
                """, to: "q.jsonl"))
        let before = try room.reader().figures(fingerprint: nil)
        let run = try await Evaluation(embedder: MemoryRoom.words, mode: .lexical).run(
            queries, named: "q.jsonl", over: room.memory, now: MemoryRoom.now
        ).run
        #expect(try room.reader().figures(fingerprint: nil) == before)
        #expect(run.results.map(\.figures.recallAt5) == [1, 0.5])
        #expect(run.kinds["name"]?.mean.ndcgAt10 == 1 && run.kinds.count == 2)
        #expect(run.notes.first?.contains("gone.md") == true && run.documents == 2)
    }
}
