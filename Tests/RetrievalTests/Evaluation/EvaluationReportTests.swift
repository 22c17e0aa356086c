import Foundation
import Retrieval
import TestSupport
import Testing

/// Runs that are saved, compared and told.
@Suite struct EvaluationReportTests {
    @Test func `a saved run is read again, and is no better than itself`() async throws {
        let run = try await SmallSet.pages().run().run
        let comparison = try RunComparison(run, with: SavedRun(fileBytes: run.fileBytes()))
        #expect(comparison.ndcgAt10.queryCount == 3 && comparison.ndcgAt10.verdict == .noise)
        #expect(comparison.changes.isEmpty && comparison.notes.isEmpty)
    }

    @Test func `runs are compared query by query`() async throws {
        let good = try await TuningTests.set(30) { _ in false }.run(
            .ready(PointingEmbedder()), parameters: TuningTests.base
        ).run
        let bad = try await TuningTests.set(30) { _ in false }.run(
            .ready(PointingEmbedder()), mode: .dense
        ).run
        let comparison = try RunComparison(bad, with: SavedRun(fileBytes: good.fileBytes()))
        #expect(comparison.ndcgAt10.verdict == .worse && comparison.changes.count == 30)
        #expect(comparison.changes[0].before == 1 && comparison.changes[0].after < 1)
        let other = try await TuningTests.set(30) { _ in true }.run(mode: .lexical).run
        let judged = try RunComparison(other, with: SavedRun(fileBytes: good.fileBytes()))
        #expect(judged.notes == ["30 queries have other judgements in the two runs"])
    }

    @Test func `runs without a common query are not compared`() async throws {
        let run = try await SmallSet.pages().run().run
        let other = try SavedRun(
            fileBytes: Array(#"{"set":"x","mode":"lexical","results":[]}"#.utf8))
        #expect(throws: EvaluationError.nothingToCompare) { try RunComparison(run, with: other) }
        #expect(throws: (any Error).self) { try SavedRun(fileBytes: Array("{}".utf8)) }
    }

    @Test func `a report holds its figures, and pictures that are XML`() async throws {
        let set = try SmallSet(
            corpus: [#"{"_id":"a|<b>","text":"gong"}"#, #"{"_id":"c","text":"bell"}"#],
            queries: [#"{"_id":"p<1>&\"|","text":"gong"}"#], judgements: ["p<1>&\"|\tc\t1"])
        let run = try await set.run(mode: .lexical).run
        let earlier = try await set.run(MemoryRoom.hashing).run
        let comparison = try RunComparison(
            run, with: SavedRun(fileBytes: earlier.fileBytes()))
        #expect(comparison.changes.count == 1)
        let files = try EvaluationReport(run, comparison: comparison).files()
        #expect(
            files.keys.sorted() == ["differences.svg", "figures.svg", "report.md", "run.json"])
        let page = String(decoding: try #require(files["report.md"]), as: UTF8.self)
        #expect(page.contains("| all | 1 | 0.0000 | – |"))
        #expect(page.contains("found: a\\|&lt;b>") && page.contains("## Answered poorly: 1"))
        for name in ["figures.svg", "differences.svg"] {
            let picture = try #require(files[name])
            #expect(try Self.isWellFormed(picture), "\(name)")
        }
    }

    /// By the system's own parser.
    private static func isWellFormed(_ bytes: Data) throws -> Bool {
        let folder = try TemporaryFolder()
        try folder.write(Array(bytes), to: "picture.svg")
        return try BuiltBinary(in: folder.path).shortShell(
            "python3 -c 'import xml.dom.minidom as x; x.parse(\"picture.svg\")'"
        ).status == 0
    }
}
