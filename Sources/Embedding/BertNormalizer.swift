internal import Foundation

/// Text as BERT's uncased vocabulary expects it, cut into words and single punctuation marks.
///
/// - Source: Hugging Face tokenizers, `BertNormalizer` and `BertPreTokenizer` (Rust), and the
///   `BasicTokenizer` of google-research/bert.
enum BertNormalizer {
    /// The words of `text`: cleaned, accents stripped, lower case, punctuation apart.
    ///
    /// - Complexity: O(scalars).
    static func words(of text: some StringProtocol) -> [String] {
        var splitter = WordSplitter()
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in text.utf8 { splitter.addASCII(byte) }
        } else {
            let spaced = cleaned(text)
            for scalar in spaced.decomposedStringWithCanonicalMapping.unicodeScalars
            where scalar.properties.generalCategory != .nonspacingMark {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                    splitter.add(lower)
                }
            }
        }
        return splitter.finished()
    }

    private static func cleaned(_ text: some StringProtocol) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isDropped(scalar) {
            if isIdeograph(scalar) {
                result.append(" ")
                result.append(scalar)
                result.append(" ")
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// NUL, the replacement character and every "other" character but tab and line ends.
    static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": false
        case "\0", "\u{FFFD}": true
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .unassigned, .surrogate, .privateUse: true
            default: false
            }
        }
    }

    /// CJK ideographs, which are words of their own.
    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}

/// Collects words from scalars.
private struct WordSplitter {
    private var words: [String] = []
    private var current = String.UnicodeScalarView()

    mutating func addASCII(_ byte: UInt8) {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20: endWord()
        case 0..<0x20, 0x7F: break
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): current.append(Unicode.Scalar(byte | 0x20))
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            current.append(Unicode.Scalar(byte))
        default: addMark(Unicode.Scalar(byte))
        }
    }

    mutating func add(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            addASCII(UInt8(scalar.value))
        } else if scalar.properties.isWhitespace {
            endWord()
        } else if scalar.isPunctuation {
            addMark(scalar)
        } else {
            current.append(scalar)
        }
    }

    mutating func finished() -> [String] {
        endWord()
        return words
    }

    private mutating func addMark(_ scalar: Unicode.Scalar) {
        endWord()
        words.append(String(scalar))
    }

    private mutating func endWord() {
        guard !current.isEmpty else { return }
        words.append(String(current))
        current = String.UnicodeScalarView()
    }
}

extension Unicode.Scalar {
    fileprivate var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }
}
