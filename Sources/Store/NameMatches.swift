internal import GRDB

/// A query for names by their letters: every three letters in a row, of which any may match.
///
/// A user's text never reaches SQLite's MATCH as syntax: every part is a quoted string.
public struct NameQuery: Sendable, Equatable {
    let phrases: [String]

    /// The most parts of a query; later ones are left out.
    private static let limit = 48
    private static let length = 3

    /// Nil where no word has three letters or digits.
    ///
    /// - Parameter names: words, apart from each other by anything else than letters and digits.
    public init?(_ names: [String]) {
        var seen: Set<String> = []
        var parts: [String] = []
        for word in names.flatMap({ $0.lowercased().split { !$0.isLetter && !$0.isNumber } }) {
            // By scalars, as the tokenizer counts.
            let scalars = Array(word.unicodeScalars)
            for start in 0..<max(0, scalars.count - Self.length + 1) where parts.count < Self.limit
            {
                var part = String.UnicodeScalarView()
                part.append(contentsOf: scalars[start..<(start + Self.length)])
                if seen.insert(String(part)).inserted { parts.append("\"" + String(part) + "\"") }
            }
        }
        guard !parts.isEmpty else { return nil }
        phrases = parts
    }
}

extension MemoryReader {
    /// The passages whose names and headings share most letters with a query's, best first; equal
    /// scores by id.
    ///
    /// - Parameters:
    ///   - query: the names.
    ///   - scope: where to look.
    ///   - limit: the most passages returned.
    /// - Returns: ids with scores; none in a memory that no newer program has opened for writing.
    /// - Throws: `StoreError`; no match is not an error.
    /// - Source: SQLite FTS5's trigram tokenizer and `bm25()`.
    public func nameMatches(
        _ query: NameQuery, in scope: PassageScope = PassageScope(), limit: Int
    ) throws(StoreError) -> [ScoredChunk] {
        try textMatches(query.phrases, in: .names, scope, limit: limit)
    }

    /// The rows of a full-text table that match best; any of the phrases may match.
    ///
    /// The sign of `bm25()` is flipped here, in `PhraseHits`, and nowhere else.
    func textMatches(
        _ phrases: [String], in table: TextTable, _ scope: PassageScope, limit: Int
    ) throws(StoreError) -> [ScoredChunk] {
        try read { database in
            guard try table != .names || database.tableExists(table.rawValue) else { return [] }
            if scope.isEverything, let cache, let moment = try MemoryMoment(database) {
                let hits = try phrases.map {
                    try cache.hits(of: $0, in: table, at: moment, database)
                }
                return ScoreSums.best(of: hits, limit: limit)
            }
            return try Self.counted(phrases, in: table, scope, limit: limit, database)
        }
    }

    private static func counted(
        _ phrases: [String], in table: TextTable, _ scope: PassageScope, limit: Int,
        _ database: Database
    ) throws -> [ScoredChunk] {
        // The plus signs: SQLite is to find passages by their text, and then to ask where they lie.
        let name = table.rawValue
        let (condition, arguments) = scope.condition(
            passage: "+\(name).rowid", document: "+document_id")
        let join = scope.isEverything ? "" : "JOIN chunks ON chunks.id = \(name).rowid"
        let match = phrases.joined(separator: " OR ")
        return try Row.fetchAll(
            database,
            sql: """
                SELECT \(name).rowid AS id, \(table.rank) AS score
                FROM \(name) \(join) WHERE \(name) MATCH :match \(condition)
                ORDER BY score, \(name).rowid LIMIT :limit
                """, arguments: arguments + ["match": match, "limit": limit]
        ).map { row in
            let score: Double = row["score"]
            return ScoredChunk(id: ChunkID(rawValue: row["id"]), score: -score)
        }
    }
}
