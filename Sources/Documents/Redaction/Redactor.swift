internal import Crypto
internal import Foundation

/// Replaces secrets in text by `‹secret:family:hmac8›`.
///
/// `family` says what kind of secret it was (`TokenFamily.all` and the other tables of this folder),
/// `hmac8` is eight hexadecimal digits of an HMAC-SHA256 of the secret: equal secrets stay
/// recognisable under one key, and nobody without the key can try guesses.
///
/// A key block over several lines becomes one placeholder, followed by the line ends that the block
/// held, so that the line numbers of all other text stay true. Invisible characters within a secret
/// go with it.
public struct Redactor: Sendable {
    private static let digits = Array("0123456789abcdef".utf8)

    private let key: SymmetricKey

    /// A redactor with a key of the caller's; equal keys give equal placeholders.
    ///
    /// - Parameter key: the key of the HMAC-SHA256; 32 random bytes are best, any count is taken.
    public init(key: [UInt8]) {
        self.key = SymmetricKey(data: Data(key))
    }

    /// A redactor with a random key, for one process.
    public init() {
        key = SymmetricKey(size: .bits256)
    }

    /// The text with every secret that is recognised replaced.
    ///
    /// Pure and idempotent: redacting twice changes nothing more. The number of LFs is kept.
    /// - Complexity: O(bytes) in time, whatever the bytes are, and in memory.
    public func redacted(_ text: String) -> RedactedText {
        let source = Array(text.utf8)
        let visible = VisibleText(source)
        var scanner = SecretScanner(visible)
        let secrets = scanner.secrets()
        guard !secrets.isEmpty else { return RedactedText(text: text, redactionCount: 0) }
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        for secret in secrets {
            let range = visible.sourceRange(of: secret.bytes)
            result += source[index..<range.lowerBound]
            result += placeholder(for: secret, in: visible)
            result += source[range].lazy.filter { $0 == 0x0A || $0 == 0x0D }
            index = range.upperBound
        }
        result += source[index...]
        return RedactedText(
            text: String(decoding: result, as: UTF8.self), redactionCount: secrets.count)
    }

    /// White space does not count, so that an indented key block is the same secret.
    private func placeholder(for secret: Secret, in text: VisibleText) -> [UInt8] {
        let bytes = text.bytes[secret.bytes].filter { $0 > 0x20 }
        var digits: [UInt8] = []
        for byte in HMAC<SHA256>.authenticationCode(for: Data(bytes), using: key).prefix(4) {
            digits += [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
        }
        return SecretPlaceholder.bytes(family: secret.family, digits: digits)
    }
}

extension Redactor: CustomReflectable {
    /// Empty, so that no dump or print shows the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
