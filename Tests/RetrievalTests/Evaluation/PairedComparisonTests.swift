import Foundation
import Retrieval
import TestSupport
import Testing

/// What is called a difference, and what noise.
@Suite struct PairedComparisonTests {
    @Test func `a steady gain is a gain and a steady loss is a loss`() {
        let gain = PairedComparison(differences: (0..<30).map { 0.05 + 0.001 * Double($0) })
        #expect(gain.verdict == .better && gain.gains == 30 && gain.losses == 0)
        #expect(gain.interval.contains(gain.difference) && gain.interval.lowerBound > 0.05)
        #expect(abs(gain.difference - 0.0645) < 1e-12 && gain.chance < 0.001)
        let loss = PairedComparison(differences: (0..<30).map { -0.05 - 0.001 * Double($0) })
        #expect(loss.verdict == .worse && loss.losses == 30)
    }

    @Test func `no difference is noise`() {
        let none = PairedComparison(differences: Array(repeating: 0, count: 50))
        #expect(none.verdict == .noise && none.chance == 1 && none.interval == 0...0)
        let empty = PairedComparison(differences: [])
        #expect(empty.verdict == .noise && empty.queryCount == 0)
    }

    @Test func `a handful of queries proves nothing`() {
        // Of five signs, all alike come up twice in thirty-two tosses.
        let few = PairedComparison(differences: Array(repeating: 0.3, count: 5))
        #expect(few.interval.lowerBound > 0 && few.verdict == .noise)
        #expect(abs(few.chance - 2.0 / 32) < 0.01)
        let one = PairedComparison(differences: [1])
        #expect(one.chance == 1 && one.verdict == .noise)
    }

    @Test func `one query that gains much is noise among many that do not`() {
        var differences = Array(repeating: 0.0, count: 60)
        differences[7] = 1
        #expect(PairedComparison(differences: differences).verdict == .noise)
    }

    @Test func `the interval is as wide as theory says`() {
        var generator = SeededGenerator(seed: 5)
        let differences = (0..<400).map { _ in Double.random(in: -1...1, using: &generator) }
        let comparison = PairedComparison(differences: differences)
        // 1.96 · (2 / √12) / √400
        let half = (comparison.interval.upperBound - comparison.interval.lowerBound) / 2
        #expect(abs(half - 0.0566) < 0.004)
    }

    @Test func `equal seeds give equal answers`() {
        let differences = (0..<40).map { Double(($0 * 37) % 11) / 50 - 0.08 }
        let first = PairedComparison(differences: differences, seed: 3)
        #expect(first == PairedComparison(differences: differences, seed: 3))
        #expect(first != PairedComparison(differences: differences, seed: 4))
    }

    @Test func `chance is called a difference about once in twenty`() {
        var generator = SeededGenerator(seed: 11)
        let called = (0..<300).count { _ in
            let differences = (0..<50).map { _ in Double.random(in: -1...1, using: &generator) }
            return PairedComparison(differences: differences, rounds: 1000).verdict != .noise
        }
        #expect((3...33).contains(called), "\(called) of 300")
    }
}
