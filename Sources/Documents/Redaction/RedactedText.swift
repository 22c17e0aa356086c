/// Text that has passed a `Redactor`: the only text that may leave the machine.
///
/// It is made by a redactor, of the program's own compiled-in words, or of other redacted texts, and
/// in no other way.
public struct RedactedText: Sendable, Equatable {
    /// The text, with placeholders in place of secrets.
    public let text: String

    /// How many secrets were replaced; a placeholder that was there before is none.
    public let redactionCount: Int

    /// Only for `Redactor`.
    init(text: String, redactionCount: Int) {
        self.text = text
        self.redactionCount = redactionCount
    }

    /// Words of the program's own, compiled in.
    public init(_ ours: StaticString) {
        self.init(text: ours.description, redactionCount: 0)
    }

    /// One text after the other, with the counts added.
    ///
    /// A secret that was cut in two before redaction is not found again by joining.
    /// - Complexity: O(bytes).
    public static func + (left: RedactedText, right: RedactedText) -> RedactedText {
        RedactedText(
            text: left.text + right.text,
            redactionCount: left.redactionCount + right.redactionCount)
    }

    /// Some of the lines, which end at LF alone; the count is that of the marks in them.
    ///
    /// - Parameter range: counted from 0.
    /// - Returns: those that there are.
    /// - Complexity: O(bytes).
    public func lines(_ range: ClosedRange<Int>) -> RedactedText {
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        let wanted = lines.dropFirst(range.lowerBound).prefix(range.count)
        let bytes = Array(wanted.joined(separator: [0x0A]))
        let marks = bytes.indices.count {
            bytes[$0] == SecretPlaceholder.opening[0]
                && bytes[$0...].starts(with: SecretPlaceholder.opening)
        }
        return RedactedText(
            text: String(decoding: bytes, as: UTF8.self), redactionCount: marks)
    }

    /// The texts in order with a separator between them, with the counts added.
    ///
    /// - Complexity: O(bytes).
    public static func joined(
        _ parts: [RedactedText], separator: StaticString
    ) -> RedactedText {
        RedactedText(
            text: parts.map(\.text).joined(separator: separator.description),
            redactionCount: parts.reduce(0) { $0 + $1.redactionCount })
    }
}
