import Foundation
import Store
import TestSupport
import Testing

/// The SQLite file as another program sees it, makes it and changes it.
@Suite(.enabled(if: MemoryFixture.hasPython, "python3 plays the other program"))
struct ForeignMemoryTests {
    let memory: MemoryFixture

    init() throws { memory = try MemoryFixture() }

    private func makeUpstreamMemory(meta: String = "meta(name TEXT PRIMARY KEY, value TEXT)") throws
    {
        _ = try memory.python(
            """
            db.execute("CREATE TABLE kv(key TEXT PRIMARY KEY, value TEXT, updated_at TEXT)")
            db.execute("CREATE TABLE \(meta)")
            db.execute("INSERT INTO kv VALUES ('region', 'eu-west-1', '2025-01-01T00:00:00Z')")
            db.execute("INSERT INTO kv VALUES ('bare', NULL, NULL)")
            db.execute("INSERT INTO meta VALUES ('created_by', 'upstream')")
            """)
    }

    @Test func `kv and meta are exactly as documented`() throws {
        try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
        let found = try memory.python(
            """
            for name in ("kv", "meta"):
                print(db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0])
                print([row[1:] for row in db.execute(f"PRAGMA table_info({name})")])
            print(db.execute("SELECT name, value, typeof(value) FROM meta"
                " WHERE name IN ('generation', 'schema_version') ORDER BY name").fetchall())
            print(db.execute("SELECT key, value FROM kv").fetchall())
            print(db.execute("PRAGMA journal_mode").fetchone()[0])
            """)
        #expect(
            found == """
                CREATE TABLE kv(key TEXT PRIMARY KEY, value TEXT, updated_at TEXT)
                [('key', 'TEXT', 0, None, 1), ('value', 'TEXT', 0, None, 0), \
                ('updated_at', 'TEXT', 0, None, 0)]
                CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT)
                [('name', 'TEXT', 0, None, 1), ('value', 'TEXT', 0, None, 0)]
                [('generation', '0', 'text'), ('schema_version', '1', 'text')]
                [('k', 'v')]
                wal
                """)
    }

    @Test func `a memory that holds only facts is taken over`() throws {
        try makeUpstreamMemory()
        #expect(throws: StoreError.missing(path: memory.paths.database)) {
            try MemoryReader(memory.paths)
        }
        try memory.write { writer in
            _ = try writer.put(document("x"), chunks: [chunk("alpha")])
            try writer.setFacts([("new", "1")], now: .distantPast)
        }
        let reader = try MemoryReader(memory.paths)
        #expect(try reader.facts().map(\.key) == ["bare", "new", "region"])
        #expect(try reader.fact("region")?.updatedAt == "2025-01-01T00:00:00Z")
        #expect(try reader.fact("bare")?.value == "")
        #expect(try reader.meta("created_by") == "upstream")
        #expect(try reader.meta("schema_version") == "1")
        #expect(try reader.figures(fingerprint: nil).generation == 1)
        try memory.checkIntegrity()
    }

    @Test func `a meta table without a primary key has one value a name all the same`() throws {
        try makeUpstreamMemory(meta: "meta(name, value)")
        try memory.write { writer in
            try writer.setSpace("first", of: .main)
            try writer.setSpace("second", of: .main)
            #expect(try writer.reader.meta("embedder") == "second")
        }
        let twice = try memory.python(
            "print(db.execute(\"SELECT count(*) - count(DISTINCT name) FROM meta\").fetchone()[0])")
        #expect(twice == "0")
    }

    @Test func `a newer memory is refused and left alone`() throws {
        try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
        _ = try memory.python(
            "db.execute(\"UPDATE meta SET value = '2' WHERE name = 'schema_version'\")")
        #expect(throws: StoreError.newerSchema(found: "2")) { try MemoryReader(memory.paths) }
        #expect(throws: StoreError.newerSchema(found: "2")) { try MemoryWriter(memory.paths) }
        let version = try memory.python(
            "print(db.execute(\"SELECT value FROM meta WHERE name = 'schema_version'\").fetchone()[0])"
        )
        #expect(version == "2")
    }

    /// A newer memory may have tables of the same names; nothing may be added to them first.
    @Test func `a newer memory without our migrations is refused before anything is made`() throws {
        try makeUpstreamMemory()
        _ = try memory.python("db.execute(\"INSERT INTO meta VALUES ('schema_version', '7')\")")
        #expect(throws: StoreError.newerSchema(found: "7")) { try MemoryWriter(memory.paths) }
        let tables = try memory.python(
            "print(db.execute(\"SELECT count(*) FROM sqlite_master WHERE name = 'chunks'\").fetchone()[0])"
        )
        #expect(tables == "0")
    }

    @Test func `facts of other programs show whatever type they have`() throws {
        try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
        _ = try memory.python(
            """
            rows = [("int", 42, 7), ("real", 1.5, None), ("text", "é", "now")]
            db.executemany("INSERT INTO kv VALUES (?, ?, ?)", rows)
            """)
        let facts = try MemoryReader(memory.paths).facts()
        #expect(facts.map(\.key) == ["int", "k", "real", "text"])
        #expect(facts.map(\.value) == ["42", "v", "1.5", "é"])
    }

    @Test func `bytes in place of a fact's text do not trap`() async {
        await #expect(processExitsWith: .success) {
            let memory = try MemoryFixture()
            try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
            _ = try memory.python(
                "db.execute(\"INSERT INTO kv VALUES ('blob', x'ff00fe', 'now')\")")
            _ = try? MemoryReader(memory.paths).facts()
            _ = try? MemoryReader(memory.paths).fact("blob")
        }
    }

    @Test func `a fact without a key does not trap`() async {
        await #expect(processExitsWith: .success) {
            let memory = try MemoryFixture()
            try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
            _ = try memory.python("db.execute(\"INSERT INTO kv VALUES (NULL, 'x', 'now')\")")
            _ = try? MemoryReader(memory.paths).facts()
        }
    }

    @Test func `facts are added while another program reads`() throws {
        try memory.write { writer in
            let before = try memory.python(
                "print(db.execute(\"SELECT count(*) FROM kv\").fetchone()[0])")
            try writer.setFacts([("k", "v")], now: .distantPast)
            let after = try memory.python(
                "print(db.execute(\"SELECT count(*) FROM kv\").fetchone()[0])")
            #expect(before == "0" && after == "1")
        }
    }
}
