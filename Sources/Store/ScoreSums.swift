/// The sums of what phrases score, by passage.
struct ScoreSums {
    private static let pageBits: Int64 = 12

    /// The first id of each page.
    private var pages: [Int64: Int] = [:]
    private var sums: [Double] = []

    /// The passages with the greatest sums, greatest first; equal ones by id.
    ///
    /// The sums are added up in the order of the phrases, as SQLite does, so that they have the
    /// same bits.
    /// - Complexity: O(hits + passages of the pages that they lie in).
    static func best(of phrases: [PhraseHits], limit: Int) -> [ScoredChunk] {
        var sums = ScoreSums()
        for phrase in phrases { sums.add(phrase) }
        return sums.best(limit)
    }

    /// Every score is greater than 0, which stands for a passage without any.
    private mutating func add(_ hits: PhraseHits) {
        var (page, start) = (Int64.min, 0)
        for index in hits.ids.indices {
            let id = hits.ids[index]
            if id >> Self.pageBits != page {
                page = id >> Self.pageBits
                start = place(of: page)
            }
            sums[start + Int(id & (1 << Self.pageBits - 1))] += hits.scores[index]
        }
    }

    private mutating func place(of page: Int64) -> Int {
        if let start = pages[page] { return start }
        let start = sums.count
        pages[page] = start
        sums.append(contentsOf: repeatElement(0, count: 1 << Self.pageBits))
        return start
    }

    private func best(_ limit: Int) -> [ScoredChunk] {
        guard limit > 0 else { return [] }
        var best: [ScoredChunk] = []
        var least = 0.0
        func cut() {
            best.sort { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
            best.removeLast(max(0, best.count - limit))
            if best.count == limit, let last = best.last { least = last.score }
        }
        // By id, so that an equal one that comes later has no place any more.
        for (page, start) in pages.sorted(by: { $0.key < $1.key }) {
            for offset in 0..<(1 << Self.pageBits) where sums[start + offset] > least {
                let id = page << Self.pageBits + Int64(offset)
                best.append(
                    ScoredChunk(id: ChunkID(rawValue: id), score: sums[start + offset]))
                if best.count >= 4 * limit { cut() }
            }
        }
        cut()
        return best
    }
}
