/// The bytes of a file, mapped or in memory.
///
/// Numbers in them are little-endian and need no alignment.
public enum StoredBytes: Sendable {
    /// A file that is read in place.
    case mapped(MappedFile)
    /// Bytes that were read or made already.
    case memory([UInt8])

    /// How many there are.
    public var count: Int {
        switch self {
        case .mapped(let file): file.byteCount
        case .memory(let bytes): bytes.count
        }
    }

    /// Copies the bytes of `range`.
    ///
    /// - Precondition: the range lies within the bytes.
    /// - Complexity: O(range.count).
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        requireInside(at: range.lowerBound, count: range.count)
        return withRaw { Array($0[range]) }
    }

    /// The integer that starts at `byteOffset`.
    ///
    /// - Precondition: it lies within the bytes.
    public func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        at byteOffset: Int, as type: Value.Type = Value.self
    ) -> Value {
        requireInside(at: byteOffset, count: MemoryLayout<Value>.size)
        return withRaw { $0.loadUnaligned(fromByteOffset: byteOffset, as: Value.self) }
    }

    /// Copies the `count` integers that start at `byteOffset`.
    ///
    /// - Precondition: they lie within the bytes.
    /// - Complexity: O(count).
    public func integers<Value: FixedWidthInteger & BitwiseCopyable>(
        at byteOffset: Int, count: Int, as type: Value.Type = Value.self
    ) -> [Value] {
        let (length, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Value>.size)
        precondition(!overflow, "outside the bytes")
        requireInside(at: byteOffset, count: length)
        return [Value](unsafeUninitializedCapacity: count) { values, initialized in
            withRaw { raw in
                UnsafeMutableRawBufferPointer(values).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: raw[byteOffset..<byteOffset + length]))
            }
            initialized = count
        }
    }

    private func requireInside(at byteOffset: Int, count length: Int) {
        precondition(
            byteOffset >= 0 && length >= 0 && length <= count - byteOffset, "outside the bytes")
    }

    func withRaw<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch self {
        case .mapped(let file): withExtendedLifetime(file) { body(file.raw) }
        case .memory(let bytes): bytes.withUnsafeBytes(body)
        }
    }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
    /// The integers one after the other, little-endian.
    public var littleEndianBytes: [UInt8] {
        withUnsafeBytes { [UInt8]($0) }
    }
}
