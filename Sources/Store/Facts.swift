public import Foundation
internal import GRDB

/// A small truth under a key.
public struct Fact: Sendable, Equatable, Codable {
    /// Its name: up to 512 bytes without control characters.
    public let key: String
    /// Its text, as it was stored.
    public let value: String
    /// When it was last set, in UTC: `2026-11-23T06:40:00Z`.
    public let updatedAt: String

    /// A fact as stored.
    public init(key: String, value: String, updatedAt: String) {
        self.key = key
        self.value = value
        self.updatedAt = updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case key, value
        case updatedAt = "updated_at"
    }
}

extension MemoryReader {
    /// The fact under `key`; nil where there is none.
    public func fact(_ key: String) throws(StoreError) -> Fact? {
        try read { database in
            try Row.fetchOne(
                database, sql: "SELECT key, value, updated_at FROM kv WHERE key = ?",
                arguments: [key]
            ).map(Fact.init(row:))
        }
    }

    /// The facts whose keys start with `prefix`, in order of their keys' bytes.
    public func facts(prefix: String = "") throws(StoreError) -> [Fact] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT key, value, updated_at FROM kv
                    WHERE substr(key, 1, length(:prefix)) = :prefix ORDER BY key
                    """, arguments: ["prefix": prefix]
            ).map(Fact.init(row:))
        }
    }
}

extension MemoryWriter {
    /// Sets facts in one transaction; existing keys are replaced.
    ///
    /// - Parameters:
    ///   - facts: keys with their texts.
    ///   - now: the time to note.
    /// - Throws: `.invalidName` for an unusable key; then none is set.
    public func setFacts(_ facts: [(key: String, value: String)], now: Date) throws(StoreError) {
        for fact in facts where !Self.isUsable(key: fact.key) { throw .invalidName(fact.key) }
        let time = now.ISO8601Format()
        try write { database in
            for fact in facts {
                try database.execute(
                    sql: """
                        INSERT INTO kv(key, value, updated_at) VALUES (?, ?, ?)
                        ON CONFLICT(key) DO UPDATE SET
                            value = excluded.value, updated_at = excluded.updated_at
                        """, arguments: [fact.key, fact.value, time])
            }
        }
    }

    /// Removes a fact.
    ///
    /// - Returns: whether there was one.
    public func deleteFact(_ key: String) throws(StoreError) -> Bool {
        try write { database in
            try database.execute(sql: "DELETE FROM kv WHERE key = ?", arguments: [key])
            return database.changesCount > 0
        }
    }

    private static func isUsable(key: String) -> Bool {
        (1...512).contains(key.utf8.count) && key.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

extension Fact {
    fileprivate init(row: Row) {
        self.init(
            key: row["key"], value: row["value"] ?? "", updatedAt: row["updated_at"] ?? "")
    }
}
