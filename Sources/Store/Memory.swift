internal import Glibc
package import GRDB

/// The one write connection to a memory, held together with its lock.
///
/// Commits and checkpoints happen on this connection only, under the lock: the system's SQLite has
/// a race between two connections that write and checkpoint in WAL mode
/// (https://sqlite.org/wal.html#walresetbug).
public final class MemoryWriter: Sendable {
    /// Reads on the write connection; they see what was written last.
    public let reader: MemoryReader

    /// Where the memory's files lie.
    let paths: MemoryPaths

    /// Sentences on what was repaired while opening; none where all was well.
    public let repairs: [String]

    private let lock: WriteLock
    let queue: DatabaseQueue

    /// Opens the memory for writing, makes it where missing, and brings its tables up to date.
    ///
    /// The timeline's file is put in step with the database on the way.
    ///
    /// - Throws: `StoreError`: `.busy` while another process writes.
    public init(_ paths: MemoryPaths) throws(StoreError) {
        self.paths = paths
        lock = try WriteLock(path: paths.lock)
        var configuration = Connection.configuration(isReader: false)
        configuration.journalMode = .wal
        let queue = try storeErrors {
            let queue = try DatabaseQueue(path: paths.database, configuration: configuration)
            // Before anything is made: a newer memory may have tables of the same names.
            if let found = try queue.read(Schema.version(of:)), found != Schema.version {
                throw StoreError.newerSchema(found: found)
            }
            try Schema.migrator.migrate(queue)
            return queue
        }
        self.queue = queue
        reader = MemoryReader(queue)
        try reader.checkSchema()
        repairs = try TimelineKeeper(paths: paths, queue: queue).repair()
    }

    deinit {
        // The log may stay behind where a reader pins it: it is whole, and the next writer's turn.
        _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    /// Runs `body` in one transaction that is on disk when this returns.
    ///
    /// - Throws: `StoreError`; then nothing of `body` was kept.
    package func write<Result>(
        _ body: (Database) throws -> Result
    ) throws(StoreError) -> Result {
        try storeErrors { try queue.write(body) }
    }
}

/// A read-only view of a memory.
///
/// Each read sees one consistent state.
public struct MemoryReader: Sendable {
    private let queue: any DatabaseReader
    /// What earlier searches read and counted; nil where this is not kept open for many.
    let cache: MomentCache?

    /// Opens the memory for reading; never writes to it or waits for its writer.
    ///
    /// - Throws: `StoreError`: `.missing` where there is none yet.
    public init(_ paths: MemoryPaths) throws(StoreError) {
        guard Connection.exists(paths.database) else { throw .missing(path: paths.database) }
        cache = nil
        let configuration = Connection.configuration(isReader: true)
        queue = try storeErrors {
            try DatabaseQueue(path: paths.database, configuration: configuration)
        }
        try checkSchema()
    }

    init(_ queue: DatabaseQueue) {
        self.queue = queue
        cache = nil
    }

    /// Opens the memory for many reads at once, each on a connection that stays open.
    ///
    /// - Parameters:
    ///   - paths: where it lies.
    ///   - limit: the most reads at once; others wait.
    /// - Throws: `StoreError`: `.missing` where there is none yet.
    init(pooling paths: MemoryPaths, limit: Int) throws(StoreError) {
        guard Connection.exists(paths.database) else { throw .missing(path: paths.database) }
        var configuration = Connection.configuration(isReader: true)
        configuration.maximumReaderCount = limit
        let pool = configuration
        cache = MomentCache()
        queue = try storeErrors {
            try DatabasePool(path: paths.database, configuration: pool)
        }
        try checkSchema()
    }

    /// Where the SQLite file lies.
    public var databasePath: String { queue.path }

    /// Runs `body` on one consistent state.
    package func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        try storeErrors { try queue.read(body) }
    }

    /// - Throws: `.newerSchema`, or `.missing` where the file is not a memory of ours yet.
    func checkSchema() throws(StoreError) {
        let (found, hasChunks) = try read { database in
            (try Schema.version(of: database), try database.tableExists("chunks"))
        }
        if let found, found != Schema.version { throw .newerSchema(found: found) }
        guard hasChunks else { throw .missing(path: queue.path) }
    }
}

/// How connections are set up.
private enum Connection {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }

    static func configuration(isReader: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = isReader
        configuration.busyMode = .timeout(2)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA mmap_size = 0;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA cache_size = -32000;
                    """)
            if !isReader {
                try database.execute(
                    sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")
            }
        }
        return configuration
    }
}

/// Runs `body` and gives its errors the type of this target.
func storeErrors<Result>(_ body: () throws -> Result) throws(StoreError) -> Result {
    do {
        return try body()
    } catch let error as StoreError {
        throw error
    } catch let error as DatabaseError {
        throw .database(
            code: error.extendedResultCode.rawValue, message: error.message ?? "no message")
    } catch {
        throw .database(code: 1, message: "\(error)")
    }
}
