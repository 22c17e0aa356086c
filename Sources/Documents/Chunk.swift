/// A passage of a document: what is found, cited and shown.
public struct Chunk: Sendable, Equatable {
    /// Its place among the document's chunks, from 0.
    public let ordinal: Int
    /// The lines it covers, 1-based, both ends included.
    public let lines: ClosedRange<Int>
    /// The bytes it covers.
    ///
    /// The ranges of a document's chunks follow one another without gap.
    public let bytes: Range<Int>
    /// `title › section › subsection`.
    public let breadcrumb: String
    /// The text as search reads it: decoded and repaired, lines joined by LF.
    public let text: String

    /// An estimate of the tokens in `text`.
    public var tokenEstimate: Int { TokenEstimate.tokens(in: text) }
}

/// How many tokens a text has for a language model, roughly, without a tokenizer.
public enum TokenEstimate {
    /// The longest run of letters or digits that counts as one token, in bytes.
    private static let bytesPerToken = 6

    /// One token for every six bytes of a word, rounded up, and one for each mark.
    ///
    /// Over English runbooks it is within about a tenth of a word-piece tokenizer's count.
    /// - Complexity: O(bytes).
    public static func tokens(in text: some StringProtocol) -> Int {
        var tokens = 0
        var run = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
                if run % bytesPerToken == 0 { tokens += 1 }
                run += 1
            case 0x20, 0x09, 0x0A, 0x0D: run = 0
            default:
                run = 0
                tokens += 1
            }
        }
        return tokens
    }
}
