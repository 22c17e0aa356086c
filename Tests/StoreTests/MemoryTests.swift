import Foundation
import Store
import TestSupport
import Testing

/// Opening memories: new, foreign, newer, broken.
struct MemoryTests {
    let memory: MemoryFixture

    init() throws { memory = try MemoryFixture() }

    @Test func `a missing memory is missing for a reader`() {
        #expect(throws: StoreError.missing(path: memory.paths.database)) {
            try MemoryReader(memory.paths)
        }
        #expect(!FileManager.default.fileExists(atPath: memory.paths.folder))
    }

    @Test func `an empty file is no memory yet`() throws {
        try memory.folder.write("", to: "memory/kv.sqlite")
        #expect(throws: StoreError.missing(path: memory.paths.database)) {
            try MemoryReader(memory.paths)
        }
        try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
        #expect(throws: Never.self) { try MemoryReader(memory.paths) }
    }

    @Test func `what is no database is an error and stays as it is`() throws {
        let bytes = Array("this is not a database, but a text that someone wrote here\n".utf8)
        let path = try memory.folder.write(bytes, to: "memory/kv.sqlite")
        #expect { try MemoryReader(memory.paths) } throws: { isDatabaseError($0) }
        #expect { try MemoryWriter(memory.paths) } throws: { isDatabaseError($0) }
        #expect(FileManager.default.contents(atPath: path) == Data(bytes))
    }

    @Test func `a folder in place of the database is an error`() throws {
        try memory.folder.write("x", to: "memory/kv.sqlite/x")
        #expect { try MemoryWriter(memory.paths) } throws: { isDatabaseError($0) }
        #expect { try MemoryReader(memory.paths) } throws: { $0 is StoreError }
    }

    private func isDatabaseError(_ error: any Error) -> Bool {
        guard case .database = error as? StoreError else { return false }
        return true
    }

    @Test func `readers see what was written last`() throws {
        let writer = try MemoryWriter(memory.paths)
        let reader = try MemoryReader(memory.paths)
        #expect(try reader.facts() == [])
        try writer.setFacts([("k", "1")], now: .distantPast)
        #expect(try reader.fact("k")?.value == "1")
        _ = try writer.put(document("x"), chunks: [chunk("alpha")])
        #expect(try reader.passages(ofDocumentAt: "x").count == 1)
        #expect(try reader.figures(fingerprint: nil).generation == 1)
    }

    @Test func `a second writer is busy while the first is open`() throws {
        let first = try MemoryWriter(memory.paths)
        #expect { try MemoryWriter(memory.paths) } throws: {
            guard case .busy(let owner) = $0 as? StoreError else { return false }
            return owner.hasPrefix("pid \(ProcessInfo.processInfo.processIdentifier)")
        }
        try first.setFacts([("k", "v")], now: .distantPast)
    }

    /// A writer that failed to open must not keep the memory locked.
    @Test func `the lock is free after a failed opening`() throws {
        let path = try memory.folder.write(
            "not a database at all, only text", to: "memory/kv.sqlite")
        #expect(throws: StoreError.self) { try MemoryWriter(memory.paths) }
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: Never.self) { try MemoryWriter(memory.paths) }
    }

    @Test func `nothing is left behind that a reader needs`() throws {
        try memory.write { try $0.setFacts([("k", "v")], now: .distantPast) }
        let size =
            try FileManager.default.attributesOfItem(
                atPath: memory.paths.database)[.size] as? Int
        #expect(size ?? 0 > 4096)
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: memory.paths.database + suffix)
        }
        #expect(try MemoryReader(memory.paths).fact("k")?.value == "v")
    }
}
