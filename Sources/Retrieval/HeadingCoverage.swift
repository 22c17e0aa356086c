internal import Foundation
package import Store

/// How much of the headings above a passage the query accounts for.
///
/// BM25 asks how much of the query a passage holds. A page called `KubeNodeNotReady` is the answer
/// to a long symptom because the symptom holds all of the page's name; this asks that.
package struct HeadingCoverage {
    private let wanted: Set<String>

    /// The coverage by the words of a query.
    package init(of query: String) {
        wanted = Set(Self.stems(of: query))
    }

    /// The passages whose headings share a word with the query, best first; equal ones by id.
    ///
    /// The score is the square of the covered part, from 0 to 1. Each word counts by how rare it is
    /// among the headings given, so that `Meaning` and `Impact` in all of them cost nothing.
    /// - Complexity: O(headings).
    package func matches(_ headings: [ChunkID: String]) -> [ScoredChunk] {
        let all = headings.map { (id: $0.key, stems: Self.stems(of: $0.value)) }
        var holders: [String: Int] = [:]
        for heading in all {
            for stem in heading.stems { holders[stem, default: 0] += 1 }
        }
        let weights = holders.mapValues { log(1 + Double(headings.count) / Double($0)) }
        return all.compactMap { id, stems in
            let score = part(of: stems, weights)
            return score > 0 ? ScoredChunk(id: id, score: score * score) : nil
        }.sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
    }

    private func part(of stems: [String], _ weights: [String: Double]) -> Double {
        let all = stems.reduce(0) { $0 + (weights[$1] ?? 0) }
        guard all > 0 else { return 0 }
        return stems.reduce(0) { $0 + (wanted.contains($1) ? weights[$1] ?? 0 : 0) } / all
    }

    /// The stems of the words that tell something, without repeats, in order, so that sums have the
    /// same bits every time; identifiers are taken apart.
    private static func stems(of text: String) -> [String] {
        var stems: [String] = []
        for word in IdentifierWords.allWords(in: text)
        where word.utf8.count > 1 && !QueryTerms.stopWords.contains(word) {
            let stem = WordStem.stem(word)
            if !stems.contains(stem) { stems.append(stem) }
        }
        return stems
    }
}
