internal import Kernels

/// Reads a file of vectors from its first byte to its last; never past it, and allocates nothing
/// by a size that the file claims.
struct ByteReader {
    let bytes: StoredBytes
    private(set) var offset = 0

    init(_ bytes: StoredBytes) {
        self.bytes = bytes
    }

    /// The bytes that are left.
    var left: Int { bytes.count - offset }

    /// The integer that comes next; an error calls it `name`.
    ///
    /// - Throws: `.truncated`.
    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ name: @autoclosure () -> String, as type: Value.Type = Value.self
    ) throws(VectorFileError) -> Value {
        let start = try skip(count: UInt64(MemoryLayout<Value>.size), of: 1, name())
        return bytes.integer(at: start)
    }

    /// Copies the `count` bytes that come next.
    ///
    /// - Throws: `.truncated`.
    mutating func bytes(
        _ count: Int, _ name: @autoclosure () -> String
    ) throws(VectorFileError) -> [UInt8] {
        let start = try skip(count: UInt64(count), of: 1, name())
        return bytes.bytes(start..<offset)
    }

    /// The four letters that come next, or their bytes where one is none.
    ///
    /// - Throws: `.truncated`.
    mutating func letters(_ name: String) throws(VectorFileError) -> String {
        let letters = try bytes(4, name)
        guard letters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return "0x"
                + letters.map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }.joined()
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Steps over `count` items of `size` bytes and tells where they start.
    ///
    /// - Throws: `.truncated`, also where their length is greater than any file's.
    @discardableResult
    mutating func skip(
        count: UInt64, of size: Int, _ name: @autoclosure () -> String
    ) throws(VectorFileError) -> Int {
        let (length, overflow) = count.multipliedReportingOverflow(by: UInt64(size))
        guard !overflow, length <= UInt64(left) else {
            let items = size == 1 ? "\(count) bytes" : "\(count) × \(size) bytes"
            throw .truncated(
                offset: offset, expected: "\(name()), \(items), of which \(left) are left")
        }
        defer { offset += Int(length) }
        return offset
    }

    /// Refuses what is left.
    ///
    /// - Throws: `.trailing`.
    func requireEnd() throws(VectorFileError) {
        guard left == 0 else { throw .trailing(offset: offset, count: left) }
    }
}
