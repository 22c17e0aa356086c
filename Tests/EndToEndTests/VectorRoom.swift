import TestSupport
import Testing

/// A folder in which `vectors` and Python take turns.
struct VectorRoom {
    let folder: TemporaryFolder
    let conductor: BuiltBinary

    init() throws {
        folder = try TemporaryFolder()
        conductor = BuiltBinary(in: folder.path)
    }

    /// Runs a script with FAISS and NumPy; it must succeed.
    func python(_ script: String) async throws {
        try folder.write("import faiss, numpy\n" + script, to: "script.py")
        let python = try #require(SharedData.python)
        let reply = try await conductor.shell("'\(python)' script.py")
        #expect(reply.status == 0, "\(reply.errors)")
    }

    /// Runs a command of `vectors`.
    func vectors(_ line: String) async throws -> BuiltBinary.Result {
        try await conductor.shell("\"$CONDUCTOR\" vectors \(line)")
    }
}
