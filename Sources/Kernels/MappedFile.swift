internal import Glibc

/// Why a file could not be mapped.
///
/// The caller may retry once the cause is mended.
public enum MappingError: Error, Equatable, Sendable {
    /// The system refused `call` with this `errno`.
    case system(call: String, errno: Int32)
    /// The path names a folder, pipe or device.
    case notARegularFile
}

/// A whole file, mapped read-only for as long as this object lives.
///
/// The file must not be truncated while mapped: publish new versions under a new name.
public final class MappedFile: Sendable {
    /// The file's length in bytes when it was mapped.
    public let byteCount: Int

    // The mapping's address. An integer, because the pages are immutable and freed only in
    // deinit, which makes sharing it between threads safe in a way a raw pointer cannot state.
    private let address: UInt
    private let descriptor: Int32

    /// Maps the file at `path`.
    ///
    /// - Throws: `MappingError`. An empty file is not an error.
    public init(path: String) throws(MappingError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(call: "open", errno: errno) }
        do throws(MappingError) {
            (address, byteCount) = try MappedFile.map(descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit {
        if byteCount > 0 { munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount) }
        close(descriptor)
    }

    /// Whether the file has become shorter than it was: then its last pages may not be touched.
    public var hasShrunk: Bool {
        var status = stat()
        return fstat(descriptor, &status) != 0 || Int(status.st_size) < byteCount
    }

    private static func map(_ descriptor: Int32) throws(MappingError) -> (UInt, Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
        let byteCount = Int(status.st_size)
        guard byteCount > 0 else { return (0, 0) }
        let mapping = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else {
            throw .system(call: "mmap", errno: errno)
        }
        return (UInt(bitPattern: mapping), byteCount)
    }

    /// Copies the bytes of `range`.
    ///
    /// - Precondition: the range lies within the file.
    /// - Complexity: O(range.count).
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "outside the file")
        return Array(raw[range])
    }

    /// Reads bytes from the file, not where it is mapped: none of its pages become this process's, and
    /// a file that has become too short is told, and no fault.
    func read(_ byteCount: Int, at byteOffset: Int, into target: UnsafeMutableRawPointer) -> Bool {
        var done = 0
        while done < byteCount {
            let count = pread(
                descriptor, target + done, byteCount - done, off_t(byteOffset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    var raw: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: byteCount)
    }
}

/// A run of little-endian f32 values inside a mapped file, read in place.
public struct MappedFloats: Sendable {
    /// The number of values.
    public let count: Int

    private let file: MappedFile
    private let byteOffset: Int

    /// The `count` values that start `byteOffset` bytes into `file`.
    ///
    /// Returns nil where they do not lie wholly within the file, or `byteOffset` is not a
    /// multiple of 4.
    public init?(file: MappedFile, byteOffset: Int, count: Int) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.size)
        guard !overflow, count >= 0, byteOffset >= 0, byteOffset % 4 == 0,
            byteOffset <= file.byteCount, bytes <= file.byteCount - byteOffset
        else { return nil }
        self.file = file
        self.byteOffset = byteOffset
        self.count = count
    }

    /// Copies out the values of `range`.
    ///
    /// - Precondition: the range lies within these values.
    public func values(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the values")
        return withUnsafePointer { Array(UnsafeBufferPointer(start: $0, count: count)[range]) }
    }

    func withUnsafePointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
        guard let base = file.raw.baseAddress else { return withUnsafeEmpty(body) }
        return withExtendedLifetime(file) {
            body((base + byteOffset).assumingMemoryBound(to: Float.self))
        }
    }

    private func withUnsafeEmpty<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
        [Float(0)].withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                preconditionFailure("one value has an address")
            }
            return body(base)
        }
    }
}
