import Foundation
import TestSupport
import Testing

/// Facts, as this program and as others see them.
@Suite struct FactsTests {
    let folder: TemporaryFolder
    let conductor: BuiltBinary

    init() throws {
        folder = try TemporaryFolder()
        conductor = BuiltBinary(in: folder.path, environment: ExampleWorld.withoutModel)
    }

    /// What a program without ours reads from `kv` and `meta`.
    private func seenByOthers() async throws -> [String: String] {
        let script = """
            import json, sqlite3
            db = sqlite3.connect("file:memory/kv.sqlite?mode=ro", uri=True)
            assert db.execute("SELECT value FROM meta WHERE name='schema_version'").fetchone() == ("1",)
            print(json.dumps(dict(db.execute("SELECT key, value FROM kv"))))
            """
        let reply = try await conductor.shell("python3 - <<'EOF'\n\(script)\nEOF")
        #expect(reply.status == 0, "\(reply.errors)")
        return try reply.json() as? [String: String] ?? [:]
    }

    private func listed() async throws -> [String: String] {
        let json = try await conductor.run("kv", "list", "--json").json()
        let facts = json["facts"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: facts.map {
                ($0["key"] as? String ?? "", $0["value"] as? String ?? "")
            })
    }

    @Test func `others see exactly what list shows`() async throws {
        for (key, value) in [
            ("a", "1"), ("b.c", "{\"x\": [1, 2]}"), ("é'\"%_", "l1\nl2"), ("n", ""),
        ] {
            #expect(try await conductor.run("kv", "set", key, value).status == 0)
        }
        #expect(try await conductor.run("kv", "set", "a", "2").status == 0)
        #expect(try await conductor.run("kv", "set", "gone", "x", "--ttl", "1s").status == 0)
        #expect(try await conductor.run("kv", "delete", "n").status == 0)
        // The clock of the program is the test's: wait until the second is over.
        while try await conductor.run("kv", "get", "gone").status == 0 {}
        let expected = ["a": "2", "b.c": "{\"x\": [1, 2]}", "é'\"%_": "l1\nl2"]
        #expect(try await listed() == expected)
        #expect(try await seenByOthers() == expected)
    }

    @Test func `a fact tells when it ends and what it was`() async throws {
        #expect(try await conductor.run("kv", "set", "k", "one").status == 0)
        #expect(try await conductor.run("kv", "set", "k", "two", "--ttl", "24h").status == 0)
        let fact = try await conductor.run("kv", "get", "k", "--json").json()
        #expect(Set(fact.keys) == ["key", "value", "updated_at", "expires_at"])
        #expect((fact["expires_at"] as? String)?.isEmpty == false)
        #expect(try await conductor.run("kv", "delete", "k").status == 0)
        let history = try await conductor.run("kv", "history", "k", "--json").json()
        let values = (history["history"] as? [[String: Any]] ?? []).map { $0["value"] as? String }
        #expect(values == ["one", "two", nil])
        #expect(try await conductor.run("kv", "set", "k", "x", "--ttl", "soon").status == 2)
    }

    @Test func `what another program writes is read`() async throws {
        #expect(try await conductor.run("kv", "set", "k", "mine", "--ttl", "1s").status == 0)
        let script = """
            import sqlite3
            db = sqlite3.connect("memory/kv.sqlite")
            db.execute("INSERT OR REPLACE INTO kv VALUES ('k', 'theirs', '2030-01-01T00:00:00Z')")
            db.commit()
            """
        #expect(
            try await conductor.shell("python3 - <<'EOF'\n\(script)\nEOF\nsleep 1.2").status == 0)
        #expect(try await conductor.run("kv", "get", "k").output == "theirs\n")
    }

    @Test func `export and import give back the same`() async throws {
        try folder.write(#"{"a":"x","b":{"c":1,"d":[true,null]},"e":""}"#, to: "f.json")
        #expect(try await conductor.run("kv", "import", "f.json").status == 0)
        #expect(try await listed() == ["a": "x", "b.c": "1", "b.d": "[true,null]", "e": ""])
        let exported = try await conductor.run("kv", "export").output
        try folder.write(exported, to: "g.json")
        #expect(try await conductor.run("kv", "import", "g.json").status == 0)
        #expect(try await conductor.run("kv", "export").output == exported)
        try folder.write(#"{"a":"1","a":"2"}"#, to: "bad.json")
        #expect(try await conductor.run("kv", "import", "bad.json").status == 1)
        #expect(try await conductor.run("kv", "export").output == exported)
    }
}
