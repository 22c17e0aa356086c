extension FloatRows {
    /// The values as little-endian f32, row after row.
    public var littleEndianBytes: [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }

    /// One row as little-endian f32.
    ///
    /// - Precondition: `0 <= row < count`.
    public func littleEndianBytes(ofRow row: Int) -> [UInt8] {
        self[row].withUnsafeBytes { Array($0) }
    }

    /// Rows from little-endian f32; nil where the bytes are no whole number of rows.
    ///
    /// - Precondition: `dimension > 0`.
    public init?(dimension: Int, littleEndianBytes bytes: [UInt8]) {
        let width = dimension * MemoryLayout<Float>.size
        guard bytes.count % width == 0 else { return nil }
        let values = [Float](unsafeUninitializedCapacity: bytes.count / 4) { values, initialized in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(values).copyMemory(from: $0) }
            initialized = bytes.count / 4
        }
        self.init(dimension: dimension, values: values)
    }
}

#if _endian(big)
    #error("files and stored vectors are little-endian; this target reads them in place")
#endif
