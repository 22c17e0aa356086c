internal import GRDB

/// A query for names by their letters: every three letters in a row, of which any may match.
///
/// A user's text never reaches SQLite's MATCH as syntax: every part is a quoted string.
public struct NameQuery: Sendable, Equatable {
    let expression: String

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
        expression = parts.joined(separator: " OR ")
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
        guard try read({ try $0.tableExists("chunk_names") }) else { return [] }
        return try textMatches(
            query.expression, table: "chunk_names", rank: "bm25(chunk_names, 1.0, 1.0)",
            in: scope, limit: limit)
    }

    /// The rows of a full-text table that match best.
    ///
    /// The sign of `bm25()` is flipped here and nowhere else.
    func textMatches(
        _ expression: String, table: String, rank: String, in scope: PassageScope, limit: Int
    ) throws(StoreError) -> [ScoredChunk] {
        // The plus signs: SQLite is to find passages by their text, and then to ask where they lie.
        let (condition, arguments) = scope.condition(
            passage: "+\(table).rowid", document: "+document_id")
        let join = scope.isEverything ? "" : "JOIN chunks ON chunks.id = \(table).rowid"
        return try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(table).rowid AS id, \(rank) AS score
                    FROM \(table) \(join) WHERE \(table) MATCH :match \(condition)
                    ORDER BY score, \(table).rowid LIMIT :limit
                    """, arguments: arguments + ["match": expression, "limit": limit]
            ).map { row in
                let score: Double = row["score"]
                return ScoredChunk(id: ChunkID(rawValue: row["id"]), score: -score)
            }
        }
    }
}
