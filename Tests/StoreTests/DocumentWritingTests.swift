import Foundation
import Store
import TestSupport
import Testing

struct DocumentWritingTests {
    let memory: MemoryFixture
    let writer: MemoryWriter

    init() throws {
        memory = try MemoryFixture()
        writer = try MemoryWriter(memory.paths)
    }

    /// Added, removed, reused.
    private func counts(_ changes: ChunkChanges) -> [Int] {
        [changes.added, changes.removed, changes.reused]
    }

    private func ids(_ path: String) throws -> [Int64] {
        try writer.reader.passages(ofDocumentAt: path).map(\.id.rawValue)
    }

    private func found(_ word: String) throws -> [Int64] {
        let query = try #require(FullTextQuery(anyOf: [word]))
        return try writer.reader.lexicalMatches(query, limit: 100)
            .map(\.id.rawValue).sorted()
    }

    @Test func `what is put is read back`() throws {
        let chunks = [
            chunk("alpha é\u{301} 🚀 \"'"), chunk("beta\n\tx", line: 3), chunk("", line: 5),
        ]
        let changes = try writer.put(document("a.md"), chunks: chunks)
        #expect(counts(changes) == [3, 0, 0] as [Int])
        let passages = try writer.reader.passages(ofDocumentAt: "a.md")
        #expect(passages.map(\.chunk) == chunks)
        #expect(passages.map(\.document) == [document("a.md"), document("a.md"), document("a.md")])
        #expect(try writer.reader.passages(ofDocumentAt: "b.md") == [])
    }

    @Test func `passages that stay keep their ids`() throws {
        let (a, b, c) = (chunk("alpha"), chunk("beta", line: 3), chunk("gamma", line: 5))
        _ = try writer.put(document("x"), chunks: [a, b, c])
        let before = try ids("x")
        let moved = [chunk("gamma", line: 2), chunk("new", line: 4), chunk("alpha", line: 9)]
        let changes = try writer.put(document("x", hash: "h2"), chunks: moved)
        #expect(counts(changes) == [1, 1, 2] as [Int])
        let after = try ids("x")
        #expect(after[0] == before[2] && after[2] == before[0])
        #expect(after[1] > before.max() ?? 0)
        #expect(try writer.reader.passages(ofDocumentAt: "x").map(\.chunk) == moved)
        #expect(try writer.reader.passages(ofDocumentAt: "x").first?.document.contentHash == "h2")
    }

    @Test func `equal passages of one document each have an id`() throws {
        let twins = [chunk("same", line: 1), chunk("same", line: 5), chunk("same", line: 9)]
        _ = try writer.put(document("x"), chunks: twins)
        let before = try ids("x")
        #expect(Set(before).count == 3)
        let changes = try writer.put(document("x"), chunks: [twins[0], twins[1]])
        #expect(counts(changes) == [0, 1, 2] as [Int])
        #expect(try ids("x") == Array(before.prefix(2)))
        #expect(try found("same") == Array(before.prefix(2)))
    }

    @Test func `an id is never used twice`() throws {
        var seen: Set<Int64> = []
        for round in 0..<5 {
            _ = try writer.put(document("x"), chunks: [chunk("a \(round)"), chunk("b \(round)")])
            for id in try ids("x") { #expect(seen.insert(id).inserted) }
            #expect(try writer.removeDocuments(["x"]) == 2)
        }
        try #expect(found("a") == [])
    }

    /// A newer rule for identifiers or tokens must not be lost because the text stayed.
    @Test func `a passage that stays takes its new figures`() throws {
        _ = try writer.put(document("x"), chunks: [chunk("alpha", identifiers: "old", tokens: 1)])
        let renewed = chunk("alpha", line: 4, identifiers: "renewed", tokens: 2)
        _ = try writer.put(document("x"), chunks: [renewed])
        #expect(try writer.reader.passages(ofDocumentAt: "x").map(\.chunk) == [renewed])
        #expect(try found("renewed").count == 1)
        #expect(try found("old") == [])
    }

    @Test func `the full text follows every change`() throws {
        _ = try writer.put(document("x"), chunks: [chunk("alpha one"), chunk("beta two")])
        _ = try writer.put(document("y"), chunks: [chunk("alpha three")])
        #expect(try found("alpha").count == 2)
        _ = try writer.put(document("x"), chunks: [chunk("gamma one")])
        #expect(try found("alpha") == ids("y"))
        #expect(try found("gamma") == ids("x"))
        #expect(try found("beta") == [])
        #expect(try writer.removeDocuments(["y", "unknown", "y"]) == 1)
        #expect(try found("alpha") == [])
        #expect(try writer.reader.documentSummaries().map(\.path) == ["x"])
    }

    @Test func `breadcrumbs and identifiers are searched too`() throws {
        _ = try writer.put(document("x"), chunks: [chunk("text", identifiers: "kube ctl apply")])
        #expect(try found("crumb").count == 1)
        #expect(try found("ctl").count == 1)
    }

    @Test func `the generation counts changes of documents`() throws {
        func generation() throws -> Int { try writer.reader.figures(fingerprint: nil).generation }
        #expect(try generation() == 0)
        _ = try writer.put(document("x"), chunks: [])
        #expect(try generation() == 1)
        _ = try writer.put(document("x"), chunks: [chunk("a")])
        #expect(try generation() == 2)
        #expect(try writer.removeDocuments([]) == 0)
        #expect(try generation() == 2)
        _ = try writer.removeDocuments(["x"])
        #expect(try generation() == 3)
        try writer.setFacts([("k", "v")], now: .init(timeIntervalSince1970: 0))
        #expect(try generation() == 3)
    }

    @Test func `figures count what is there`() throws {
        _ = try writer.put(document("x"), chunks: [chunk("a"), chunk("b"), chunk("a")])
        _ = try writer.put(document("y"), chunks: [])
        try writer.putVectors(
            [("key a", [1, 2, 3, 4]), ("gone", [0, 0, 0, 0])], fingerprint: "f")
        let figures = try writer.reader.figures(fingerprint: "f")
        #expect(figures.documents == 2 && figures.chunks == 3 && figures.embedded == 2)
        #expect(figures.facts == 0 && figures.indexedAt == "2026-11-23T00:00:00Z")
        #expect(try writer.reader.figures(fingerprint: "g").embedded == 0)
        #expect(try writer.reader.figures(fingerprint: nil).embedded == 0)
    }

    @Test(.enabled(if: MemoryFixture.hasPython))
    func `another program finds the full text in step after random changes`() throws {
        var generator = SeededGenerator(seed: 40)
        let words = ["alpha", "beta", "gamma", "delta", "\"", "é", "NULL", "a b", ""]
        for _ in 0..<150 {
            let path = ["x", "y", "z", "w"].randomElement(using: &generator) ?? "x"
            if Int.random(in: 0..<4, using: &generator) == 0 {
                _ = try writer.removeDocuments([path])
            } else {
                let chunks = (0..<Int.random(in: 0...6, using: &generator)).map { line in
                    chunk(words.randomElement(using: &generator) ?? "", line: line + 1)
                }
                _ = try writer.put(document(path), chunks: chunks)
            }
        }
        try memory.checkIntegrity()
    }
}
