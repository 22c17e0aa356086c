import Foundation
import TestSupport
import Testing

/// A killed run must leave a memory that the next run completes.
@Suite(.serialized) struct KillTests {
    /// Everything in the memory that does not tell the time.
    private static func dump(_ folder: String) async throws -> String {
        let script = """
            import hashlib, os, sqlite3, subprocess
            db = sqlite3.connect("file:memory/kv.sqlite?mode=ro", uri=True)
            for table, columns in [
                ("documents", "id, path, docid, collection, kind, title, content_hash, front_matter"),
                ("chunks", "*"), ("vectors", "fingerprint, embedding_key, vector"),
                ("meta WHERE name NOT LIKE 'vector_log%'", "*"), ("vector_log", "*"), ("roots", "*"), ("kv", "key, value"),
            ]:
                for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2"):
                    print(table, hashlib.sha256(repr(row).encode()).hexdigest())
            found = db.execute("SELECT rowid FROM chunk_text WHERE chunk_text MATCH 'queue' ORDER BY 1")
            print("text", found.fetchall())
            print(db.execute("PRAGMA integrity_check").fetchall())
            if os.path.exists("memory/vector/base"):
                export = [os.environ["CONDUCTOR"], "vectors", "export", "memory/vector"]
                subprocess.run(export + ["-o", "vectors.npy"], check=True, stdout=subprocess.DEVNULL)
                print("index", hashlib.sha256(open("vectors.npy", "rb").read()).hexdigest())
            """
        let folder = BuiltBinary(in: folder)
        let reply = try await folder.shell("python3 - <<'EOF'\n\(script)\nEOF")
        #expect(reply.status == 0, "\(reply.errors)")
        #expect(reply.output.contains("[('ok',)]"))
        return reply.output
    }

    private func check(
        _ command: String = "index", kills: Int, seed: UInt64, environment: [String: String]
    ) async throws {
        let calm = try ExampleWorld()
        let conductor = BuiltBinary(in: calm.folder.path, environment: environment)
        let started = ContinuousClock.now
        #expect(try await conductor.run(command).status == 0)
        var window = (ContinuousClock.now - started) / .microseconds(1)
        let expected = try await Self.dump(calm.folder.path)

        var generator = SeededGenerator(seed: seed)
        var interrupted = 0
        for round in 0..<kills {
            let world = try ExampleWorld()
            let conductor = BuiltBinary(in: world.folder.path, environment: environment)
            let process = try conductor.start([command])
            usleep(UInt32.random(in: 0...UInt32(window), using: &generator))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            // The machine is now idle, now busy: the moments follow how long a run takes now.
            if process.terminationReason == .uncaughtSignal {
                interrupted += 1
                window *= 1.25
            } else {
                window = max(10_000, window / 2)
            }
            let again = try await conductor.run(command)
            #expect(again.status == 0, "round \(round), seed \(seed): \(again.errors)")
            #expect(
                try await Self.dump(world.folder.path) == expected, "round \(round), seed \(seed)")
        }
        #expect(interrupted > kills / 4, "most rounds must hit a running process")
    }

    @Test func `killing index by words at any moment loses nothing`() async throws {
        try await check(kills: 25, seed: 1, environment: ExampleWorld.withoutModel)
    }

    @Test func `killing sweep at any moment loses nothing`() async throws {
        try await check("sweep", kills: 15, seed: 4, environment: ExampleWorld.withoutModel)
    }

    @Test(.enabled(if: SharedData.model != nil, "the model is installed by make setup"))
    func `killing index with vectors at any moment loses nothing`() async throws {
        try await check(kills: 3, seed: 2, environment: [:])
    }
}
