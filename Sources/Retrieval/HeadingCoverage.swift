internal import Foundation
package import Store

/// How much of the headings above a passage the query accounts for.
///
/// BM25 asks how much of the query a passage holds. A page called `KubeNodeNotReady` is the answer
/// to a long symptom because the symptom holds all of the page's name; this asks that.
package struct HeadingCoverage {
    /// A stem as 64 bits of it, which are compared many thousand times in a search.
    ///
    /// - Source: Fowler, Noll and Vo, FNV-1a.
    struct Stem: Hashable, Sendable {
        private let bits: UInt64

        init(_ text: String) {
            bits = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
    }

    private let wanted: Set<Stem>

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
    func matches(_ headings: [(id: ChunkID, stems: [Stem])]) -> [ScoredChunk] {
        // Each stem gets a number, so that it is looked up once.
        var numbers: [Stem: Int] = [:]
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
    static func stems(of text: String) -> [Stem] {
        var stems: [Stem] = []
        for word in IdentifierWords.allWords(in: text)
        where word.utf8.count > 1 && !QueryTerms.stopWords.contains(word) {
            let stem = Stem(WordStem.stem(word))
            if !stems.contains(stem) { stems.append(stem) }
        }
        return stems
    }
}
