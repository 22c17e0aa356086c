internal import Crypto
internal import Foundation

/// The SHA-256 of some bytes, in 64 lower-case hexadecimal digits.
public struct ContentHash: RawRepresentable, Hashable, Sendable, Codable {
    /// 64 hexadecimal digits.
    public let rawValue: String

    /// Takes digits as they were stored.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Hashes bytes.
    ///
    /// - Complexity: O(bytes).
    public init(of bytes: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in SHA256.hash(data: Data(bytes)) {
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        rawValue = String(decoding: text, as: UTF8.self)
    }
}
