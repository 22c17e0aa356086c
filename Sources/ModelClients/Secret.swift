/// A key that cannot be printed, dumped or encoded by accident.
public struct Secret: Sendable {
    private let value: String

    /// Takes a key; nil where there is nothing in it, or something that cannot be sent in a header.
    public init?(_ text: String) {
        let trimmed = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
            .reversed()
        let value = String(trimmed)
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.value = value
    }

    /// Hands the key to what must send it.
    func reveal<Result>(_ body: (String) -> Result) -> Result { body(value) }

    /// `text` without the key.
    func scrubbed(from text: String) -> String { text.replacing(value, with: "(redacted)") }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same words.
    public var description: String { "‹redacted›" }
    /// Always the same words.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
