internal import Foundation

/// Text as BERT's uncased vocabulary expects it, cut into words and single punctuation marks.
///
/// A model was trained on what the reference made of a text, and that has tables of several ages:
/// categories of Unicode 8.0, decompositions and combining classes of 9.0, lower case and white
/// space of today. Scalars younger than a table are unassigned in it.
///
/// - Source: Hugging Face tokenizers, `BertNormalizer` and `BertPreTokenizer` (Rust), with its crates
///   unicode_categories 0.1 and unicode-normalization-alignments 0.1, and the `BasicTokenizer` of
///   google-research/bert. `TokenizerParityTests` holds this to it.
enum BertNormalizer {
    /// The words of `text`: cleaned, accents stripped, lower case, punctuation apart.
    ///
    /// - Complexity: O(scalars).
    static func words(of text: some StringProtocol) -> [String] {
        var splitter = WordSplitter()
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in text.utf8 { splitter.addASCII(byte) }
        } else {
            for scalar in decomposed(cleaned(text))
            where scalar.categoryInUnicode8 != .nonspacingMark {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                    splitter.add(lower)
                }
            }
        }
        return splitter.finished()
    }

    private static func cleaned(_ text: some StringProtocol) -> String.UnicodeScalarView {
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
        return result
    }

    /// NFD as of Unicode 9.0: later scalars stay whole, and marks do not change places across them.
    private static func decomposed(
        _ scalars: String.UnicodeScalarView
    ) -> String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        for part in scalars.split(
            omittingEmptySubsequences: false, whereSeparator: { !$0.isAssigned(inUnicode: 9) })
        {
            if part.startIndex > scalars.startIndex {
                result.append(scalars[scalars.index(before: part.startIndex)])
            }
            result.append(
                contentsOf: String(part).decomposedStringWithCanonicalMapping.unicodeScalars)
        }
        return result
    }

    /// NUL, the replacement character and every "other" character but tab, line ends and what is
    /// unassigned.
    static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": false
        case "\0", "\u{FFFD}": true
        default:
            switch scalar.categoryInUnicode8 {
            case .control, .format, .surrogate, .privateUse: true
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
    fileprivate func isAssigned(inUnicode major: Int) -> Bool {
        guard let age = properties.age else { return false }
        return age.major < major || (age.major == major && age.minor == 0)
    }

    /// The general category as of Unicode 8.0, the version of the reference's tables.
    fileprivate var categoryInUnicode8: Unicode.GeneralCategory {
        switch value {
        // What later versions moved to other categories.
        case 0x1734, 0x1171E: .nonspacingMark
        case 0xA9BD: .spacingMark
        case 0x1885, 0x1886: .otherLetter
        case 0x166D, 0x111C9: .otherPunctuation
        default: isAssigned(inUnicode: 8) ? properties.generalCategory : .unassigned
        }
    }

    fileprivate var isPunctuation: Bool {
        switch categoryInUnicode8 {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }
}
