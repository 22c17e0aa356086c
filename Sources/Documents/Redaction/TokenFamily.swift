/// A kind of token that is recognised by fixed bytes in it and by what stands around them.
struct TokenFamily: Sendable {
    /// A stretch of a token.
    enum Part: Sendable, ExpressibleByStringLiteral {
        /// These bytes.
        case text([UInt8])
        /// As many bytes of an alphabet as follow each other; the count must be in the range.
        case run(Alphabet, ClosedRange<Int>)

        init(stringLiteral value: String) { self = .text(Array(value.utf8)) }

        static func exactly(_ count: Int, _ alphabet: Alphabet) -> Part {
            .run(alphabet, count...count)
        }

        static func atLeast(_ count: Int, _ alphabet: Alphabet) -> Part {
            .run(alphabet, count...Int.max)
        }

        static func between(_ range: ClosedRange<Int>, _ alphabet: Alphabet) -> Part {
            .run(alphabet, range)
        }
    }

    /// The word in the placeholder, of `a-z`, `0-9` and `-`.
    let name: String
    /// A run before the anchor, of bounded length.
    let before: (alphabet: Alphabet, counts: ClosedRange<Int>)?
    /// The fixed bytes, any of which announces a token.
    let anchors: [[UInt8]]
    /// What follows the anchor.
    let after: [Part]
    /// Whether the anchor is no secret and stays, such as a host name.
    let keepsAnchor: Bool

    init(
        _ name: String, before: (alphabet: Alphabet, counts: ClosedRange<Int>)? = nil,
        _ anchors: [String], keepsAnchor: Bool = false, _ after: Part...
    ) {
        self.name = name
        self.before = before
        self.anchors = anchors.map { Array($0.utf8) }
        self.keepsAnchor = keepsAnchor
        self.after = after
    }
}

extension SecretScanner {
    /// How much of a token is looked at to tell it from `xxxx`.
    private static let fillerSample = 64

    /// The token whose anchor stands here.
    ///
    /// - Complexity: O(1) but for runs, whose ends are remembered.
    mutating func token(at index: Int) -> Secret? {
        let byte = Int(text.bytes[index])
        if beginsWord(index) {
            for (anchor, family) in SecretFamilies.tokens[byte]
            where text.bytes.has(anchor, at: index) {
                let family = SecretFamilies.all[family]
                let tail = index + anchor.count
                if let token = token(family, start: index, tail: tail, at: index) { return token }
            }
        }
        for (anchor, family) in SecretFamilies.tokensByMiddle[byte]
        where text.bytes.has(anchor, at: index) {
            let family = SecretFamilies.all[family]
            if let start = startOfToken(family, before: index),
                let token = token(family, start: start, tail: index + anchor.count, at: index)
            {
                return token
            }
        }
        return nil
    }

    private mutating func token(
        _ family: TokenFamily, start: Int, tail: Int, at index: Int
    ) -> Secret? {
        guard let end = endOfToken(family, from: tail) else { return nil }
        let sample = text.bytes[(start < index ? start : tail)..<end].prefix(Self.fillerSample)
        guard !SecretValue(sample).isFiller else { return nil }
        return Secret(family: family.name, bytes: (family.keepsAnchor ? tail : start)..<end)
    }

    private func startOfToken(_ family: TokenFamily, before anchor: Int) -> Int? {
        guard let before = family.before else { return nil }
        var start = anchor
        let limit = max(floor, anchor - before.counts.upperBound - 1)
        while start > limit, before.alphabet.contains(text.bytes[start - 1]) { start -= 1 }
        return before.counts.contains(anchor - start) && beginsWord(start) ? start : nil
    }

    private mutating func endOfToken(_ family: TokenFamily, from start: Int) -> Int? {
        var index = start
        for part in family.after {
            switch part {
            case .text(let bytes):
                guard text.bytes.has(bytes, at: index) else { return nil }
                index += bytes.count
            case .run(let alphabet, let counts):
                var end = self.end(of: alphabet, from: index)
                if alphabet == .dotted { end = withoutDots(index..<end) }
                guard counts.contains(end - index) else { return nil }
                index = end
            }
        }
        return endsWord(index) ? index : nil
    }
}
