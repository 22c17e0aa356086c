internal import GRDB

/// The tables of `kv.sqlite`.
///
/// Migrations are only ever added.
enum Schema {
    /// What `meta` says under `schema_version`; other tools read it.
    static let version = "1"

    /// Every migration in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 memory") { database in
            for statement in [factsAndMeta, documents, chunks, fullText, vectors] {
                try database.execute(sql: statement)
            }
        }
        return migrator
    }

    // Exactly so, because other programs read these two tables by SQL. They may exist already.
    private static let factsAndMeta = """
        CREATE TABLE IF NOT EXISTS kv(key TEXT PRIMARY KEY, value TEXT, updated_at TEXT);
        CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT);
        INSERT OR IGNORE INTO meta(name, value) VALUES ('schema_version', '\(version)');
        INSERT OR IGNORE INTO meta(name, value) VALUES ('generation', '0');
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
}
