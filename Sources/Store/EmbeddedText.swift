internal import Crypto
internal import Foundation

/// What of a passage is embedded, and the name of that text.
public enum EmbeddedText {
    /// The text that is embedded: where the passage stands, then what it says.
    public static func text(breadcrumb: String, body: String) -> String {
        breadcrumb + "\n" + body
    }

    /// The name of that text: the SHA-256 of its UTF-8.
    public static func key(breadcrumb: String, body: String) -> String {
        Digest.hex(of: Array(text(breadcrumb: breadcrumb, body: body).utf8))
    }
}

/// SHA-256 in hexadecimal.
enum Digest {
    static func hex(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = SHA256.hash(data: Data(bytes)).flatMap {
            [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
        }
        return String(decoding: hex, as: UTF8.self)
    }
}
