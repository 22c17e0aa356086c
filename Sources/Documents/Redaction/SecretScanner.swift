/// A secret that was found.
struct Secret: Equatable {
    /// The word in the placeholder.
    let family: String
    /// Where it stands in the visible text; not empty.
    let bytes: Range<Int>
}

/// Finds secrets from left to right; each begins where the one before it ended or later.
///
/// Every rule looks only at bytes behind the last secret, takes the end of a secret for a word's
/// end, and refuses what touches a placeholder in the middle. What is left over after replacing is
/// therefore text in which no rule finds anything.
struct SecretScanner {
    /// The text that is read.
    let text: VisibleText

    /// Where the last secret or placeholder ended; nothing before it is looked at again.
    private(set) var floor = 0

    /// The password of the address whose name is being read.
    private(set) var password: Secret?

    /// The runs that were measured last, by alphabet.
    ///
    /// More of them than parts of one alphabet in a token, so that many anchors in one run cost one
    /// look at it.
    private var runs = [[Range<Int>]](repeating: [], count: Alphabet.allCases.count)
    private static let rememberedRuns = 4

    /// How many dots a sentence ends with, at most.
    private static let dotLimit = 3

    init(_ text: VisibleText) {
        self.text = text
    }

    /// The secrets in order.
    ///
    /// - Complexity: O(bytes).
    mutating func secrets() -> [Secret] {
        var secrets: [Secret] = []
        var index = 0
        while index < text.bytes.count {
            if let end = SecretPlaceholder.end(in: text.bytes, from: index) {
                floor = end
            } else if let password, password.bytes.lowerBound <= index {
                // The name before it may have been a token that reached into the password.
                self.password = nil
                guard index < password.bytes.upperBound else { continue }
                floor = password.bytes.upperBound
                secrets.append(Secret(family: password.family, bytes: index..<floor))
            } else if let secret = secret(announcedAt: index) {
                floor = secret.bytes.upperBound
                secrets.append(secret)
            } else {
                if let found = addressPassword(at: index) { password = found }
                index = nextBeginning(after: index)
                continue
            }
            index = floor
        }
        return secrets
    }

    /// The next place at which a rule must be asked.
    private func nextBeginning(after index: Int) -> Int {
        let end = min(password?.bytes.lowerBound ?? .max, text.bytes.count - 1)
        var index = index + 1
        while index < end {
            let pair = Int(text.bytes[index]) << 8 | Int(text.bytes[index + 1])
            if SecretFamilies.beginnings[pair] { break }
            index += 1
        }
        return index
    }

    /// The secret that the byte here is the first sign of; it may begin before or after.
    private mutating func secret(announcedAt index: Int) -> Secret? {
        if beginsBlock(index), let end = KeyBlock.end(in: text.bytes, from: index) {
            return Secret(family: SecretFamilies.privateKey, bytes: index..<end)
        }
        return token(at: index) ?? assignedSecret(at: index)
    }

    /// Whether this byte is the first of some dashes, or the first letter of PuTTY's name.
    private func beginsBlock(_ index: Int) -> Bool {
        let dash = UInt8(ascii: "-")
        return switch text.bytes[index] {
        case dash: index == floor || text.bytes[index - 1] != dash
        case UInt8(ascii: "P"): beginsWord(index)
        default: false
        }
    }

    /// Whether no word goes on from before this byte.
    func beginsWord(_ index: Int) -> Bool {
        index == floor || !Alphabet.alphanumeric.contains(text.bytes[index - 1])
            || text.hasGap(before: index)
    }

    /// Whether no word goes on at this byte.
    func endsWord(_ index: Int) -> Bool {
        index == text.bytes.count || !Alphabet.alphanumeric.contains(text.bytes[index])
            || text.hasGap(before: index)
    }

    /// Where the bytes of an alphabet that begin here end.
    ///
    /// - Complexity: O(run), and O(1) for any later place in one of the last runs.
    mutating func end(of alphabet: Alphabet, from start: Int) -> Int {
        if let run = runs[alphabet.rawValue].first(where: { $0.contains(start) }) {
            return run.upperBound
        }
        var end = start
        while end < text.bytes.count, alphabet.contains(text.bytes[end]) { end += 1 }
        if end > start {
            runs[alphabet.rawValue].insert(start..<end, at: 0)
            if runs[alphabet.rawValue].count > Self.rememberedRuns {
                runs[alphabet.rawValue].removeLast()
            }
        }
        return end
    }

    /// The end of a run without the dots that end a sentence.
    func withoutDots(_ run: Range<Int>) -> Int {
        let limit = max(run.lowerBound, run.upperBound - Self.dotLimit)
        let last = text.bytes[limit..<run.upperBound].lastIndex { $0 != UInt8(ascii: ".") }
        return last.map { $0 + 1 } ?? limit
    }
}
