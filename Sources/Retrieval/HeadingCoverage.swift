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
        matches(headings.map { (id: $0.key, stems: Self.stems(of: $0.value)) })
    }

    /// The same for headings whose stems are known already.
    func matches(_ headings: [(id: ChunkID, stems: [String])]) -> [ScoredChunk] {
        // Each stem gets a number, so that it is looked up once.
        var numbers: [String: Int] = [:]
        var holders: [Int] = []
        let numbered = headings.map { heading in
            heading.stems.map { stem in
                let number = numbers[stem] ?? holders.count
                if number == holders.count {
                    numbers[stem] = number
                    holders.append(0)
                }
                holders[number] += 1
                return number
            }
        }
        let weights = holders.map { log(1 + Double(headings.count) / Double($0)) }
        var isWanted = [Bool](repeating: false, count: holders.count)
        for stem in wanted {
            if let number = numbers[stem] { isWanted[number] = true }
        }
        return zip(headings, numbered).compactMap { heading, stems in
            let all = stems.reduce(0) { $0 + weights[$1] }
            guard all > 0 else { return nil }
            let part = stems.reduce(0) { $0 + (isWanted[$1] ? weights[$1] : 0) } / all
            return part > 0 ? ScoredChunk(id: heading.id, score: part * part) : nil
        }.sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
    }

    /// The stems of the words that tell something, without repeats, in order, so that sums have the
    /// same bits every time; identifiers are taken apart.
    static func stems(of text: String) -> [String] {
        var stems: [String] = []
        for word in IdentifierWords.allWords(in: text)
        where word.utf8.count > 1 && !QueryTerms.stopWords.contains(word) {
            let stem = WordStem.stem(word)
            if !stems.contains(stem) { stems.append(stem) }
        }
        return stems
    }
}
