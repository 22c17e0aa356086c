import Embedding
import Foundation
import Kernels
import Retrieval
import TestSupport
import Testing

/// Leads from `askxy` to `docxy`, past all words; every other text lies on an axis of its own.
struct PointingEmbedder: Embedder {
    let fingerprint = EmbedderFingerprint(rawValue: "pointing:0000000000000001")
    let dimension = 256
    let maximumTokenCount = 256

    func tokenCount(of text: String) -> Int { 2 }

    func embed(_ texts: [String], longTexts: LongTextRule) async throws -> FloatRows {
        var rows = FloatRows(dimension: dimension, count: 0)
        for text in texts {
            let name = text.split(whereSeparator: \.isWhitespace).first {
                $0.hasPrefix("ask") || $0.hasPrefix("doc")
            }
            let digits = (name?.utf8.suffix(2) ?? []).map { Int($0) - 97 }
            let axis = digits.count == 2 ? digits[0] * 26 + digits[1] : 255
            rows.append((0..<dimension).map { $0 == axis ? Float(1) : 0 })
        }
        return rows
    }
}

/// Tuning finds a gain that is there and none that is not.
@Suite struct TuningTests {
    /// Words lead every query to one document, the pointing embedder to another; one is right.
    static func set(_ count: Int, pointsRight: (Int) -> Bool) throws -> SmallSet {
        // Letters that no stemmer takes off.
        let letters = Array("bcdfghjkmnpqrtvx")
        let names = (0..<count).map { "\(letters[$0 / 16])\(letters[$0 % 16])" }
        func lines(_ body: (Int) -> String) -> [String] { (0..<count).map(body) }
        return try SmallSet(
            corpus: lines { #"{"_id":"n\#($0)","title":"page","text":"doc\#(names[$0])"}"# }
                + lines { #"{"_id":"w\#($0)","title":"page","text":"word\#(names[$0])"}"# },
            queries: lines { #"{"_id":"\#($0)","text":"ask\#(names[$0]) word\#(names[$0])"}"# },
            judgements: (0..<count).map { number in
                "\(number)\t" + (pointsRight(number) ? "n" : "w") + "\(number)\t1"
            })
    }

    /// Words count twice, whatever searches use.
    static let base = RankingParameters(
        weights: Dictionary(
            uniqueKeysWithValues: QueryShape.allCases.map { ($0, [.lexical: 2, .dense: 1]) }),
        method: .reciprocalRanks)

    static func tuning(_ sets: SmallSet...) async throws -> TuningReport {
        var outcomes: [EvaluationOutcome] = []
        for set in sets { outcomes.append(try await set.run(.ready(PointingEmbedder()))) }
        return await TuningReport.tuning(outcomes, shipped: base)
    }

    @Test func `a channel that is always right is found`() async throws {
        let report = try await Self.tuning(Self.set(60) { _ in true })
        #expect(report.comparison.verdict == .better && report.heldOutScore > 0.95)
        #expect(report.shippedScore < 0.7 && report.chosen(over: Self.base) == report.best)
        let held = report.best[.lexical, .prose]
        #expect(held == 2)
        #expect(report.best[.dense, .prose] > held)
        let names = report.knobs.map(\.name)
        #expect(names.contains("prose.dense") && !names.contains("prose.lexical"))
    }

    @Test func `what suits half the queries is no winner`() async throws {
        var generator = SeededGenerator(seed: 2)
        let coin = (0..<60).map { _ in Bool.random(using: &generator) }
        let report = try await Self.tuning(Self.set(60) { coin[$0] })
        #expect(report.comparison.verdict != .better)
        #expect(report.chosen(over: Self.base) == Self.base)
    }

    @Test func `no query is measured with what it was tuned on`() async throws {
        // Of thirty against thirty, the rest of a fold leans the other way than the fold.
        let report = try await Self.tuning(Self.set(60) { $0 % 2 == 0 })
        #expect(report.heldOutScore < report.shippedScore)
        #expect(report.chosen(over: Self.base) == Self.base)
    }

    @Test func `a set counts as much as another, however large`() async throws {
        let report = try await Self.tuning(
            Self.set(60) { _ in true }, Self.set(20) { _ in false })
        // The sixty have the second place, the twenty the first.
        #expect(abs(report.shippedScore - (0.63093 + 1) / 2) < 0.001)
    }

    @Test func `few queries and one channel leave nothing to tune`() async throws {
        let few = try await Self.tuning(Self.set(12) { _ in true })
        #expect(few.knobs.isEmpty && few.comparison.verdict == .noise && few.best == Self.base)
        #expect(few.verdict.hasPrefix("nothing to tune"))
        let outcome = try await Self.set(30) { _ in true }.run(
            .ready(PointingEmbedder()), mode: .dense)
        let alone = await TuningReport.tuning([outcome], shipped: Self.base)
        #expect(alone.knobs.isEmpty && alone.best == Self.base)
    }

    @Test func `equal runs are tuned alike`() async throws {
        let first = try await Self.tuning(Self.set(40) { $0 % 3 > 0 })
        let second = try await Self.tuning(Self.set(40) { $0 % 3 > 0 })
        #expect(first.best == second.best && first.comparison == second.comparison)
    }
}
