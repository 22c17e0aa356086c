internal import GRDB

/// The tables of `kv.sqlite`.
///
/// Migrations are only ever added.
enum Schema {
    /// What `meta` says under `schema_version`; other tools read it.
    static let version = "1"

    /// What a memory says of its version; nil where it says nothing.
    static func version(of database: Database) throws -> String? {
        guard try database.tableExists("meta") else { return nil }
        return try String.fetchOne(
            database, sql: "SELECT value FROM meta WHERE name = 'schema_version'")
    }

    /// Every migration in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 memory") { database in
            let statements = [
                factsAndMeta, factSides, documents, chunks, fullText, vectors, events,
            ]
            for statement in statements {
                try database.execute(sql: statement)
            }
        }
        migrator.registerMigration("2 vector log") { database in
            try database.execute(sql: VectorLog.schema)
        }
        migrator.registerMigration("3 names") { database in
            try database.execute(sql: names)
        }
        return migrator
    }

    // Exactly so, because other programs read these two tables by SQL. They may exist already.
    private static let factsAndMeta = """
        CREATE TABLE IF NOT EXISTS kv(key TEXT PRIMARY KEY, value TEXT, updated_at TEXT);
        CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT);
        INSERT INTO meta(name, value) SELECT 'schema_version', '\(version)'
            WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'schema_version');
        INSERT INTO meta(name, value) SELECT 'generation', '0'
            WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'generation');
        """

    // Beside `kv`, so that its columns stay what others expect. An expiry counts only while
    // `updated_at` is still that of the fact: another program may have set it anew.
    private static let factSides = """
        CREATE TABLE kv_expiry(
            key TEXT PRIMARY KEY,
            expires_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );
        CREATE TABLE kv_history(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            value TEXT,
            at TEXT NOT NULL,
            expires_at TEXT
        );
        CREATE INDEX kv_history_key ON kv_history(key);
        """

    // A root is a file or folder that was indexed and is looked at again by `index` without PATH.
    private static let documents = """
        CREATE TABLE roots(
            path TEXT PRIMARY KEY,
            collection TEXT NOT NULL
        );
        CREATE TABLE documents(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL UNIQUE,
            docid TEXT NOT NULL,
            collection TEXT NOT NULL,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            chunker TEXT NOT NULL,
            front_matter TEXT NOT NULL,
            indexed_at TEXT NOT NULL
        );
        CREATE INDEX documents_docid ON documents(docid);
        """

    // AUTOINCREMENT: a chunk's id is its name in exported indexes and is never used again.
    private static let chunks = """
        CREATE TABLE chunks(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            start_line INTEGER NOT NULL,
            end_line INTEGER NOT NULL,
            start_byte INTEGER NOT NULL,
            end_byte INTEGER NOT NULL,
            breadcrumb TEXT NOT NULL,
            body TEXT NOT NULL,
            identifiers TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            embedding_key TEXT NOT NULL
        );
        CREATE INDEX chunks_document ON chunks(document_id);
        CREATE INDEX chunks_embedding_key ON chunks(embedding_key);
        """

    // Kept in step by the writer: with trusted_schema off, triggers may not touch virtual tables.
    private static let fullText = """
        CREATE VIRTUAL TABLE chunk_text USING fts5(
            breadcrumb, body, identifiers,
            content='chunks', content_rowid='id', tokenize='porter unicode61'
        );
        """

    // Names by every three letters, so that a typo leaves most of them in place. Positions are kept:
    // without them SQLite would read the passages again to rank. Made from what the memory holds.
    private static let names = """
        CREATE VIRTUAL TABLE chunk_names USING fts5(
            breadcrumb, identifiers,
            content='chunks', content_rowid='id', tokenize='trigram'
        );
        INSERT INTO chunk_names(chunk_names) VALUES ('rebuild');
        """

    // One vector for each text and vector space, however many places hold the text. `vector` is
    // little-endian f32.
    private static let vectors = """
        CREATE TABLE vectors(
            fingerprint TEXT NOT NULL,
            embedding_key TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY(fingerprint, embedding_key)
        ) WITHOUT ROWID;
        """

    // Every line of timeline.ndjson in order, malformed ones too; `line_number` is null for lines
    // that were imported malformed and stay out of the file. `hash` chains each line to the one
    // before it. `meta` holds how long the file is when all of them are in it.
    private static let events = """
        CREATE TABLE events(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            line_number INTEGER UNIQUE,
            line TEXT NOT NULL,
            is_malformed INTEGER NOT NULL,
            ts TEXT,
            agent TEXT,
            task_id TEXT,
            hash TEXT NOT NULL
        );
        CREATE INDEX events_ts ON events(ts);
        CREATE INDEX events_line ON events(line);
        INSERT INTO meta(name, value) SELECT 'timeline_bytes', '0'
            WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'timeline_bytes');
        """
}
