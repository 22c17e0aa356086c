import Foundation
import Glibc
import Kernels
import TestSupport
import Testing

struct MappedFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [0, 1, 7, 4095, 4096, 4097])
    func `holds the bytes of the file`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = try MappedFile(path: folder.write(bytes, to: "file"))
        #expect(file.byteCount == count)
        #expect(file.bytes(0..<count) == bytes)
        #expect(file.bytes(count..<count) == [])
        if count > 2 { #expect(file.bytes(1..<count - 1) == Array(bytes[1..<count - 1])) }
    }

    @Test func `a missing file is refused with its errno`() {
        #expect(throws: MappingError.system(call: "open", errno: ENOENT)) {
            try MappedFile(path: folder.path + "/none")
        }
    }

    @Test func `a folder is not a file`() {
        #expect(throws: MappingError.notARegularFile) { try MappedFile(path: folder.path) }
    }

    @Test func `a pipe nobody writes to does not hang`() throws {
        let path = folder.path + "/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: MappingError.notARegularFile) { try MappedFile(path: path) }
    }

    @Test func `a device is not a file`() {
        #expect(throws: MappingError.notARegularFile) { try MappedFile(path: "/dev/zero") }
    }

    @Test func `the bytes stay after the file is removed`() throws {
        let path = try folder.write("still here", to: "file")
        let file = try MappedFile(path: path)
        try FileManager.default.removeItem(atPath: path)
        #expect(file.bytes(0..<5) == Array("still".utf8))
    }

    @Test func `a range outside the file is a broken promise`() async {
        await #expect(processExitsWith: .failure) {
            let folder = try TemporaryFolder()
            let file = try MappedFile(path: folder.write("four", to: "file"))
            _ = file.bytes(2..<5)
        }
    }
}

struct MappedFloatsTests {
    let folder: TemporaryFolder
    /// Ten bytes: two values and a half.
    let file: MappedFile

    init() throws {
        folder = try TemporaryFolder()
        let bytes = FloatRows(dimension: 1, values: [1.5, -2]).littleEndianBytes + [0, 0]
        file = try MappedFile(path: folder.write(bytes, to: "file"))
    }

    private func check(
        _ byteOffset: Int, _ count: Int, _ expected: [Float]?,
        at location: SourceLocation = #_sourceLocation
    ) {
        let floats = MappedFloats(file: file, byteOffset: byteOffset, count: count)
        #expect(floats?.count == expected?.count, sourceLocation: location)
        #expect(floats?.values(0..<count) == expected, sourceLocation: location)
    }

    @Test func `values lie wholly within the file`() {
        check(0, 2, [1.5, -2])
        check(4, 1, [-2])
        check(0, 0, [])
        check(8, 0, [])
        check(0, 3, nil)
        check(8, 1, nil)
        check(12, 0, nil)
    }

    @Test func `hostile offsets and counts are refused`() {
        check(1, 1, nil)
        check(2, 2, nil)
        check(-4, 1, nil)
        check(.min, 1, nil)
        check(.max - 3, 1, nil)
        check(0, -1, nil)
        check(0, .min, nil)
        check(0, .max, nil)
        // 2⁶² values have 2⁶⁴ bytes, which is 0 in 64 bits.
        check(0, 1 << 62, nil)
        check(0, (1 << 62) + 1, nil)
        check(4, Int.max / 4, nil)
    }

    @Test func `an empty file holds no values`() throws {
        let empty = try MappedFile(path: folder.write("", to: "empty"))
        let floats = try #require(MappedFloats(file: empty, byteOffset: 0, count: 0))
        #expect(floats.values(0..<0) == [])
        #expect(MappedFloats(file: empty, byteOffset: 0, count: 1) == nil)
    }

    @Test func `a part of the values is copied`() throws {
        let floats = try #require(MappedFloats(file: file, byteOffset: 0, count: 2))
        #expect(floats.values(1..<2) == [-2])
        #expect(floats.values(2..<2) == [])
    }
}
