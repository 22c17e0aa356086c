internal import Crypto
internal import Foundation
internal import GRDB

/// Vectors of one vector space by the text they were made of, in a file of its own.
///
/// It is derived: it may be deleted at any time, and one that is damaged is begun anew.
///
///     CREATE TABLE vectors(text BLOB PRIMARY KEY, vector BLOB NOT NULL)
///
/// `text` is the SHA-256 of the text's UTF-8, `vector` little-endian f32.
public final class EmbeddingCache: Sendable {
    private let queue: DatabaseQueue

    /// How long a second process waits for the first one's batch.
    private static let patience = 10.0

    /// Opens the cache at a path, and makes it and the folders above it where missing.
    ///
    /// - Throws: `StoreError`.
    public init(path: String) throws(StoreError) {
        try AtomicFile.makeFolder(URL(filePath: path).deletingLastPathComponent().path)
        do throws(StoreError) {
            queue = try Self.open(path)
        } catch {
            let damages = [ResultCode.SQLITE_NOTADB, .SQLITE_CORRUPT].map(\.rawValue)
            guard case .database(let code, _) = error, damages.contains(code & 0xFF) else {
                throw error
            }
            try storeErrors { try FileManager.default.removeItem(atPath: path) }
            queue = try Self.open(path)
        }
    }

    private static func open(_ path: String) throws(StoreError) -> DatabaseQueue {
        // No WAL: several processes may write, and it has a race between checkpoints of two.
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        }
        return try storeErrors {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS vectors(
                            text BLOB PRIMARY KEY,
                            vector BLOB NOT NULL
                        );
                        """)
            }
            return queue
        }
    }

    /// The vector of each text, in order; nil where it is not there.
    public func vectors(of texts: [String]) throws(StoreError) -> [[UInt8]?] {
        try storeErrors {
            try queue.read { database in
                let statement = try database.cachedStatement(
                    sql: "SELECT vector FROM vectors WHERE text = ?")
                return try texts.map { text in
                    try Data.fetchOne(statement, arguments: [Self.key(text)]).map { Array($0) }
                }
            }
        }
    }

    /// Keeps the vectors of some texts, in one transaction.
    ///
    /// - Throws: `StoreError`; then none is kept.
    public func put(_ vectors: [(text: String, bytes: [UInt8])]) throws(StoreError) {
        try storeErrors {
            try queue.write { database in
                for (text, bytes) in vectors {
                    try database.execute(
                        sql: "INSERT OR REPLACE INTO vectors(text, vector) VALUES (?, ?)",
                        arguments: [Self.key(text), Data(bytes)])
                }
            }
        }
    }

    private static func key(_ text: String) -> Data {
        Data(SHA256.hash(data: Data(text.utf8)))
    }
}
