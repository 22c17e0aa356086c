internal import CKernels

/// CRC-32C: sees every single flipped bit, and nearly every other damage.
///
/// - Source: Castagnoli's polynomial, RFC 3720, appendix B.4.
public enum Checksum {
    /// The checksum of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: any number of them.
    ///   - isPlain: whether the processor's own instruction is left alone, for tests.
    /// - Returns: the checksum; of no bytes, 0.
    /// - Complexity: O(count).
    public static func crc32c(of bytes: [UInt8], isPlain: Bool = false) -> UInt32 {
        bytes.withUnsafeBytes { ck_crc32c($0.baseAddress, $0.count, isPlain ? 1 : 0) }
    }

    static func crc32c(_ start: UnsafeRawPointer, _ count: Int) -> UInt32 {
        ck_crc32c(start, count, 0)
    }
}
