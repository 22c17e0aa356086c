internal import GRDB

/// A table of full text.
enum TextTable: String, Sendable {
    case passages = "chunk_text"
    case names = "chunk_names"

    /// The score of a row, which is less for nearer ones.
    var rank: String {
        switch self {
        case .passages: "bm25(chunk_text, 2.0, 1.0, 0.7)"
        case .names: "bm25(chunk_names, 1.0, 1.0)"
        }
    }
}

/// The passages that hold a phrase, in order of their ids, with what BM25 gives each for it.
struct PhraseHits: Sendable, Equatable {
    private(set) var ids: [Int64] = []
    /// Greater is nearer; greater than 0.
    private(set) var scores: [Double] = []

    /// Lets SQLite count the hits of a phrase, which is quoted as `MATCH` wants it.
    init(of phrase: String, in table: TextTable, _ database: Database) throws {
        let name = table.rawValue
        let statement = try database.cachedStatement(
            sql: "SELECT rowid, \(table.rank) FROM \(name) WHERE \(name) MATCH ? ORDER BY rowid")
        let rows = try Row.fetchCursor(statement, arguments: [phrase])
        while let row = try rows.next() {
            let score: Double = row[1]
            ids.append(row[0])
            scores.append(-score)
        }
    }

    /// Roughly what it takes.
    var byteCount: Int { ids.count * 16 + 64 }
}
