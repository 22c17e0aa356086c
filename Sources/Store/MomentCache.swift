internal import GRDB
internal import Synchronization

/// What was read and counted at one moment of a memory, kept from one search to the next.
///
/// BM25 of a query is the sum of what its phrases score alone. Most words of a query stood in one
/// before: adding their scores up takes a small part of the time that SQLite needs to count them
/// again. Each score depends on all passages, so nothing is kept past its moment. It takes at most
/// 32 MiB.
final class MomentCache: Sendable {
    private static let byteLimit = 32 << 20

    private struct Phrase: Hashable {
        let table: TextTable
        let text: String
    }

    private struct Kept {
        var moment: MemoryMoment?
        var outline: MemoryOutline?
        var hits = Recent<Phrase, PhraseHits>(limit: MomentCache.byteLimit)
    }

    private let kept = Mutex(Kept())

    /// The outline of a memory at the moment of a read.
    func outline(at moment: MemoryMoment, _ database: Database) throws -> MemoryOutline {
        try value(at: moment, known: { $0.outline }) {
            try MemoryOutline(database, moment)
        } keep: {
            $0.outline = $1
        }
    }

    /// The hits of a phrase at the moment of a read.
    func hits(
        of text: String, in table: TextTable, at moment: MemoryMoment, _ database: Database
    ) throws -> PhraseHits {
        let phrase = Phrase(table: table, text: text)
        return try value(at: moment, known: { $0.hits.value(of: phrase) }) {
            try PhraseHits(of: text, in: table, database)
        } keep: {
            $0.hits.keep($1, of: phrase, cost: $1.byteCount + text.utf8.count)
        }
    }

    /// What is known, or is read now, without making other searches wait meanwhile.
    private func value<Value: Sendable>(
        at moment: MemoryMoment, known: (inout Kept) -> Value?, read: () throws -> Value,
        keep: (inout Kept, Value) -> Void
    ) rethrows -> Value {
        let found = kept.withLock { kept in
            if kept.moment != moment { kept = Kept(moment: moment) }
            return known(&kept)
        }
        if let found { return found }
        let value = try read()
        kept.withLock { kept in
            if kept.moment == moment { keep(&kept, value) }
        }
        return value
    }
}
