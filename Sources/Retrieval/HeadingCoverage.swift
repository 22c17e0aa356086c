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
        fileprivate let bits: UInt64

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
        var numbers = StemNumbers(atMost: headings.reduce(0) { $0 + $1.stems.count })
        var holders: [Int] = []
        let numbered = headings.map { heading in
            heading.stems.map { stem in
                let number = numbers.number(of: stem)
                if number == holders.count { holders.append(0) }
                holders[number] += 1
                return number
            }
        }
        let weights = holders.map { log(1 + Double(headings.count) / Double($0)) }
        var isWanted = [Bool](repeating: false, count: holders.count)
        for stem in wanted {
            if let number = numbers.known(stem) { isWanted[number] = true }
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

/// Numbers from 0 for stems, in the order in which they are first met.
///
/// A dictionary would take most of a search's time for headings with hashing what is a hash already.
private struct StemNumbers {
    private var stems: [UInt64]
    // One more than the number; 0 where no stem stands.
    private var places: [Int32]
    private var count: Int32 = 0
    private let shift: Int

    /// None yet; there is room for so many.
    init(atMost most: Int) {
        let bits = Int.bitWidth - max(15, 2 * most).leadingZeroBitCount
        shift = 64 - bits
        stems = [UInt64](repeating: 0, count: 1 << bits)
        places = [Int32](repeating: 0, count: 1 << bits)
    }

    /// A stem's number, a new one where it is met for the first time.
    mutating func number(of stem: HeadingCoverage.Stem) -> Int {
        let slot = slot(of: stem)
        if places[slot] == 0 {
            count += 1
            (stems[slot], places[slot]) = (stem.bits, count)
        }
        return Int(places[slot]) - 1
    }

    /// A stem's number; nil where it was not met.
    func known(_ stem: HeadingCoverage.Stem) -> Int? {
        let place = places[slot(of: stem)]
        return place == 0 ? nil : Int(place) - 1
    }

    /// Where a stem stands, or would: the next free slot from where its bits lead.
    ///
    /// - Source: Knuth, "The Art of Computer Programming", volume 3, 6.4: multiplicative hashing with
    ///   linear probing.
    private func slot(of stem: HeadingCoverage.Stem) -> Int {
        var slot = Int(truncatingIfNeeded: (stem.bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while places[slot] != 0, stems[slot] != stem.bits { slot = (slot + 1) & (places.count - 1) }
        return slot
    }
}
