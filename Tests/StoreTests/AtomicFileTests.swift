import Dispatch
import Foundation
import Glibc
import Store
import Synchronization
import TestSupport
import Testing

struct AtomicFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    /// Every name below the folder, sorted.
    private func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }

    @Test(arguments: [0, 1, 4096, 1_000_003])
    func `the file holds the bytes`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let path = folder.path + "/file"
        try AtomicFile.write(bytes, to: path)
        #expect(FileManager.default.contents(atPath: path) == Data(bytes))
        #expect(mode(path) == 0o600)
        #expect(try names() == ["file"])
    }

    @Test func `a file is written in blocks`() throws {
        let path = folder.path + "/file"
        try AtomicFile.write(to: path) { sink throws(StoreError) in
            for block in [[], [1, 2], [], [3]] as [[UInt8]] { try sink(block) }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
        #expect(mode(path) == 0o600)
    }

    @Test func `a writer that gives up leaves the old file and nothing else`() throws {
        let path = try folder.write("old", to: "file")
        #expect(throws: StoreError.corrupt("half")) {
            try AtomicFile.write(to: path) { sink throws(StoreError) in
                try sink([1, 2])
                throw .corrupt("half")
            }
        }
        #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
        #expect(try names() == ["file"])
    }

    @Test func `folders above are made for their owner only`() throws {
        try AtomicFile.write("x".utf8, to: folder.path + "/a/b/file")
        #expect(mode(folder.path + "/a") == 0o700 && mode(folder.path + "/a/b") == 0o700)
        #expect(try names() == ["a", "a/b", "a/b/file"])
    }

    @Test func `an older file is replaced whole, and its mode`() throws {
        let path = try folder.write(String(repeating: "long", count: 1000), to: "file")
        chmod(path, 0o644)
        try AtomicFile.write("new".utf8, to: path)
        #expect(FileManager.default.contents(atPath: path) == Data("new".utf8))
        #expect(mode(path) == 0o600)
    }

    @Test func `a link is replaced, not followed`() throws {
        let target = try folder.write("precious", to: "target")
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        try AtomicFile.write("new".utf8, to: link)
        #expect(FileManager.default.contents(atPath: target) == Data("precious".utf8))
        #expect(FileManager.default.contents(atPath: link) == Data("new".utf8))
    }

    @Test func `a failure leaves nothing behind`() throws {
        try folder.write("x", to: "taken/inner")
        try folder.write("x", to: "file")
        let before = try names()
        let taken = folder.path + "/taken"
        #expect(throws: StoreError.system(path: taken, errno: EISDIR)) {
            try AtomicFile.write("new".utf8, to: taken)
        }
        #expect(throws: StoreError.system(path: folder.path + "/file", errno: ENOTDIR)) {
            try AtomicFile.write("new".utf8, to: folder.path + "/file/below")
        }
        #expect(throws: StoreError.self) {
            try AtomicFile.write(
                "x".utf8, to: folder.path + "/" + String(repeating: "n", count: 300))
        }
        #expect(try names() == before)
    }

    @Test func `what a crashed writer left does not matter`() throws {
        try folder.write("torn", to: ".tmp-\(getpid())-file")
        try AtomicFile.write("new".utf8, to: folder.path + "/file")
        #expect(FileManager.default.contents(atPath: folder.path + "/file") == Data("new".utf8))
    }

    /// The longest name a file can have leaves no room for a longer temporary one.
    @Test func `a name of 255 bytes can be written`() throws {
        let path = folder.path + "/" + String(repeating: "n", count: 255)
        try AtomicFile.write("x".utf8, to: path)
        #expect(FileManager.default.contents(atPath: path) == Data("x".utf8))
    }

    @Test func `threads that write one file never mix their bytes`() throws {
        let path = folder.path + "/file"
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            let bytes = [UInt8](repeating: UInt8(0x61 + thread), count: 20_000 + thread)
            for _ in 0..<25 {
                do {
                    try AtomicFile.write(bytes, to: path)
                    let found = FileManager.default.contents(atPath: path) ?? Data()
                    let isWhole =
                        Set(found).count == 1
                        && found.count == 20_000 + Int(found[0]) - 0x61
                    if !isWhole { failures.withLock { $0.append("torn: \(found.count) bytes") } }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        let found = failures.withLock { $0 }
        #expect(found.count == 0, "\(found.first ?? "")")
        #expect(try names() == ["file"])
    }

    @Test func `a folder that is there is no error`() throws {
        #expect(throws: Never.self) { try AtomicFile.makeFolder(folder.path) }
        let file = try folder.write("x", to: "file")
        #expect(throws: StoreError.system(path: file, errno: ENOTDIR)) {
            try AtomicFile.makeFolder(file)
        }
        #expect(throws: StoreError.self) { try AtomicFile.makeFolder(file + "/a/b") }
    }
}
