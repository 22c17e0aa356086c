public import Foundation
internal import GRDB

/// A small truth under a key.
public struct Fact: Sendable, Equatable {
    /// Its name: up to 512 bytes without control characters.
    public let key: String
    /// Its text, as it was stored.
    public let value: String
    /// When it was last set, in UTC: `2026-11-23T06:40:00Z`.
    public let updatedAt: String
    /// When it ends, in UTC; nil where it does not.
    public let expiresAt: String?
}

extension Fact: Codable {
    enum CodingKeys: String, CodingKey {
        case key, value
        case updatedAt = "updated_at"
        case expiresAt = "expires_at"
    }

    /// Writes every member; a fact that does not end has `null` under `expires_at`.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(key, forKey: .key)
        try members.encode(value, forKey: .value)
        try members.encode(updatedAt, forKey: .updatedAt)
        try members.encode(expiresAt, forKey: .expiresAt)
    }
}

/// A fact as it once was.
public struct FactRevision: Sendable, Equatable {
    /// Its text; nil where it was deleted or ended.
    public let value: String?
    /// When it was set, deleted or ended.
    public let at: String
    /// When it was to end.
    public let expiresAt: String?
}

extension MemoryReader {
    /// The fact under `key`; nil where there is none at the time `now`.
    public func fact(_ key: String, now: Date = .now) throws(StoreError) -> Fact? {
        try facts(where: "kv.key = :key", ["key": key], now: now).first
    }

    /// The facts whose keys start with `prefix` at the time `now`, in order of their keys' bytes.
    public func facts(prefix: String = "", now: Date = .now) throws(StoreError) -> [Fact] {
        try facts(
            where: "substr(kv.key, 1, length(:prefix)) = :prefix", ["prefix": prefix], now: now)
    }

    /// The facts whose keys start with any of some prefixes at the time `now`, in order of their
    /// keys' bytes.
    package func facts(
        prefixes: [String], now: Date
    ) throws(StoreError) -> [Fact] {
        let conditions = prefixes.indices.map {
            "substr(kv.key, 1, length(:prefix\($0))) = :prefix\($0)"
        }
        let names = prefixes.enumerated().map { ("prefix\($0)", $1) }
        return try facts(
            where: "(\(conditions.joined(separator: " OR ")))",
            StatementArguments(Dictionary(uniqueKeysWithValues: names)), now: now)
    }

    /// How many facts have ended and still lie in the table.
    public func endedFactCount(now: Date = .now) throws(StoreError) -> Int {
        try read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM kv_expiry WHERE expires_at <= ?",
                arguments: [now.ISO8601Format()]) ?? 0
        }
    }

    /// What a fact was, the oldest revision first; none for a key that was never set here.
    public func history(_ key: String) throws(StoreError) -> [FactRevision] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT value, at, expires_at FROM kv_history WHERE key = ? ORDER BY seq",
                arguments: [key]
            ).map { FactRevision(value: $0["value"], at: $0["at"], expiresAt: $0["expires_at"]) }
        }
    }

    /// The text of a value that another program may have written with any type.
    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: ""
        case .int64(let value): String(value)
        case .double(let value): String(value)
        case .string(let text): text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    private func facts(
        where condition: String, _ arguments: StatementArguments, now: Date
    ) throws(StoreError) -> [Fact] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT kv.key, value, kv.updated_at, expires_at FROM kv
                    LEFT JOIN kv_expiry ON kv_expiry.key = kv.key
                        AND kv_expiry.updated_at = kv.updated_at
                    WHERE \(condition) AND (expires_at IS NULL OR expires_at > :now)
                    ORDER BY kv.key
                    """)
            let arguments = arguments + ["now": now.ISO8601Format()]
            return try Row.fetchAll(statement, arguments: arguments).map { row in
                Fact(
                    key: Self.text(row["key"]), value: Self.text(row["value"]),
                    updatedAt: Self.text(row["updated_at"]), expiresAt: row["expires_at"])
            }
        }
    }
}

extension MemoryWriter {
    /// Sets facts in one transaction; existing keys are replaced, and ended facts are removed.
    ///
    /// - Parameters:
    ///   - facts: keys with their texts.
    ///   - lifetime: how long they hold, in seconds; nil for ever.
    ///   - now: the time to note.
    /// - Throws: `.invalidName` for an unusable key, or a text with a NUL; then none is set.
    public func setFacts(
        _ facts: [(key: String, value: String)], lifetime: TimeInterval? = nil, now: Date
    ) throws(StoreError) {
        for fact in facts where !Self.isUsable(key: fact.key) || fact.value.utf8.contains(0) {
            throw .invalidName(fact.key)
        }
        let time = now.ISO8601Format()
        let end = lifetime.map { now.addingTimeInterval($0).ISO8601Format() }
        try write { database in
            try Self.removeEnded(now: time, in: database)
            for fact in facts {
                try database.execute(
                    sql: """
                        INSERT INTO kv(key, value, updated_at) VALUES (?, ?, ?)
                        ON CONFLICT(key) DO UPDATE SET
                            value = excluded.value, updated_at = excluded.updated_at
                        """, arguments: [fact.key, fact.value, time])
                try database.execute(
                    sql: "DELETE FROM kv_expiry WHERE key = ?", arguments: [fact.key])
                if let end {
                    try database.execute(
                        sql: "INSERT INTO kv_expiry(key, expires_at, updated_at) VALUES (?, ?, ?)",
                        arguments: [fact.key, end, time])
                }
                try Self.record(fact.key, fact.value, at: time, expiresAt: end, in: database)
            }
        }
    }

    /// Removes a fact.
    ///
    /// - Returns: whether there was one.
    public func deleteFact(_ key: String, now: Date = .now) throws(StoreError) -> Bool {
        try write { database in
            try Self.removeEnded(now: now.ISO8601Format(), in: database)
            return try Self.remove(key, now: now.ISO8601Format(), in: database)
        }
    }

    /// Removes facts that have ended, so that `kv` holds just what is true.
    ///
    /// - Returns: how many.
    public func removeEndedFacts(now: Date = .now) throws(StoreError) -> Int {
        try write { try Self.removeEnded(now: now.ISO8601Format(), in: $0) }
    }

    @discardableResult
    private static func removeEnded(now: String, in database: Database) throws -> Int {
        let ended = try String.fetchAll(
            database,
            sql: """
                SELECT kv.key FROM kv JOIN kv_expiry USING (key)
                WHERE expires_at <= ? AND kv_expiry.updated_at = kv.updated_at
                """, arguments: [now])
        for key in ended { try remove(key, now: now, in: database) }
        try database.execute(sql: "DELETE FROM kv_expiry WHERE expires_at <= ?", arguments: [now])
        return ended.count
    }

    @discardableResult
    private static func remove(_ key: String, now: String, in database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM kv WHERE key = ?", arguments: [key])
        guard database.changesCount > 0 else { return false }
        try database.execute(sql: "DELETE FROM kv_expiry WHERE key = ?", arguments: [key])
        try record(key, nil, at: now, expiresAt: nil, in: database)
        return true
    }

    private static func record(
        _ key: String, _ value: String?, at time: String, expiresAt: String?, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO kv_history(key, value, at, expires_at) VALUES (?, ?, ?, ?)",
            arguments: [key, value, time, expiresAt])
    }

    private static func isUsable(key: String) -> Bool {
        (1...512).contains(key.utf8.count)
            && key.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
