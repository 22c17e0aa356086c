import Foundation
import Glibc
import Store
import TestSupport
import Testing

struct WriteLockTests {
    let folder: TemporaryFolder
    private var path: String { folder.path + "/memory/LOCK" }

    init() throws { folder = try TemporaryFolder() }

    private func expectBusy(
        owner start: String, at location: SourceLocation = #_sourceLocation
    ) {
        let path = path
        #expect(sourceLocation: location) {
            try WriteLock(path: path)
        } throws: {
            guard case .busy(let owner) = $0 as? StoreError else { return false }
            return owner.hasPrefix(start)
        }
    }

    @Test func `the file names its owner and only its owner reads it`() throws {
        let lock = try WriteLock(path: path)
        let text = String(
            decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        #expect(text.contains(/^pid \d+, since \d{4}-\d\d-\d\dT[\d:]+Z\n$/))
        #expect(text.hasPrefix("pid \(getpid()),"))
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        withExtendedLifetime(lock) {}
    }

    @Test func `a second handle is busy and the first stays the owner`() throws {
        let lock = try WriteLock(path: path)
        expectBusy(owner: "pid \(getpid()),")
        expectBusy(owner: "pid \(getpid()),")
        withExtendedLifetime(lock) {}
    }

    @Test func `the lock is free once its owner is gone`() throws {
        for _ in 0..<3 { _ = try WriteLock(path: path) }
        #expect(FileManager.default.fileExists(atPath: path))
        let other = try WriteLock(path: folder.path + "/other/LOCK")
        _ = try WriteLock(path: path)
        withExtendedLifetime(other) {}
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
    func `another process is waited for, then named`() throws {
        try folder.write("pid 1, since ever\nmore\n", to: "memory/LOCK")
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX);"
                + " print('held', flush=True); sys.stdin.read()", path,
        ]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        #expect(output.fileHandleForReading.readData(ofLength: 4) == Data("held".utf8))
        expectBusy(owner: "pid 1, since ever")
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(throws: Never.self) { try WriteLock(path: path) }
    }

    @Test func `a waiting writer gets the lock when it becomes free`() async throws {
        let path = path
        let first = try WriteLock(path: path)
        async let second = Task.detached { try WriteLock(path: path) }.value
        withExtendedLifetime(first) {}
        _ = consume first
        _ = try await second
    }

    @Test func `a link is not followed`() throws {
        let target = try folder.write("precious", to: "target")
        try FileManager.default.createDirectory(
            atPath: folder.path + "/memory", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        #expect(throws: StoreError.system(path: path, errno: ELOOP)) { try WriteLock(path: path) }
        #expect(FileManager.default.contents(atPath: target) == Data("precious".utf8))
    }

    @Test func `a folder that cannot be made is an error`() throws {
        let file = try folder.write("x", to: "file")
        #expect(throws: StoreError.self) { try WriteLock(path: file + "/LOCK") }
    }
}
