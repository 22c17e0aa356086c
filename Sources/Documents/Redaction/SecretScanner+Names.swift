/// Values that a name announces: `password = …`, `"api_key": "…"`, `Authorization: Bearer …`.
extension SecretScanner {
    private static let valueCounts = 8...150
    private static let closerLimit = 8
    private static let spaceLimit = 40
    private static let flagByteLimit = 40

    /// The value whose name stands here.
    ///
    /// - Complexity: O(1): names, gaps and values are of bounded length; runs are remembered.
    mutating func assignedSecret(at index: Int) -> Secret? {
        for (name, rule) in SecretFamilies.announcers[Int(text.bytes[index].lowercased)] {
            guard let nameEnd = endOfName(name, at: index), !isInARN(index),
                let start = startOfValue(name: index..<nameEnd)
            else { continue }
            let secret =
                switch rule {
                case .authorization: credentials(at: start)
                case .header: header(at: start)
                case .assigned, .key, .awsSecretKey: assigned(at: start, rule: rule)
                }
            guard let secret, password.map({ !secret.bytes.contains($0.bytes.lowerBound) }) ?? true
            else { continue }
            if let token = token(at: secret.bytes.lowerBound),
                token.bytes.upperBound >= secret.bytes.upperBound
            {
                return token
            }
            return secret
        }
        return nil
    }

    /// `_` in a name stands for one of `_-. ` or nothing.
    private func endOfName(_ name: [UInt8], at start: Int) -> Int? {
        var index = start
        for byte in name {
            let found = index < text.bytes.count ? text.bytes[index].lowercased : 0
            if byte == UInt8(ascii: "_") {
                if "_-. ".utf8.contains(found) { index += 1 }
            } else if found == byte {
                index += 1
            } else {
                return nil
            }
        }
        if index < text.bytes.count, text.bytes[index].lowercased == UInt8(ascii: "s") {
            index += 1
        }
        for suffix in SecretFamilies.nameSuffixes {
            guard index + suffix.count <= text.bytes.count else { continue }
            let found = text.bytes[index..<(index + suffix.count)]
            if found.elementsEqual(suffix, by: { $0.lowercased == $1 }) {
                return index + suffix.count
            }
        }
        return index
    }

    /// Where the value begins, behind an equals sign or the like, spaces and an opening quote.
    private func startOfValue(name: Range<Int>) -> Int? {
        let closed = skip(" \t\"'`*])\\", from: name.upperBound, limit: Self.closerLimit)
        var index = closed
        switch byte(at: index) {
        case UInt8(ascii: ":"), UInt8(ascii: "="):
            index += 1
            if "=>".utf8.contains(byte(at: index)) { index += 1 }
        case UInt8(ascii: ">") where index == name.upperBound: index += 1
        default:
            guard byte(at: name.upperBound) == 0x20, isFlag(endingAt: name) else { return nil }
        }
        index = skip(" \t*", from: index, limit: Self.spaceLimit)
        if byte(at: index) == UInt8(ascii: "\\") { index += 1 }
        if "\"'`".utf8.contains(byte(at: index)) { return index + 1 }
        let isCurly =
            byte(at: index) == 0xE2 && byte(at: index + 1) == 0x80
            && [0x98, 0x9C].contains(byte(at: index + 2))
        return isCurly ? index + 3 : index
    }

    /// Whether the name is a part of `arn:aws:secretsmanager:eu-west-1:123456789012:secret:name`.
    private func isInARN(_ index: Int) -> Bool {
        index - 2 >= floor && byte(at: index - 1) == UInt8(ascii: ":")
            && Alphabet.digits.contains(byte(at: index - 2))
    }

    /// Whether the name is the end of an option such as `--db-password`.
    private func isFlag(endingAt name: Range<Int>) -> Bool {
        let limit = max(floor, name.lowerBound - Self.flagByteLimit)
        var start = name.lowerBound
        while start > limit, Alphabet.token.contains(text.bytes[start - 1]) { start -= 1 }
        return byte(at: start) == UInt8(ascii: "-") && byte(at: start + 1) == UInt8(ascii: "-")
    }

    private func assigned(at start: Int, rule: SecretFamilies.Rule) -> Secret? {
        guard let range = assignedRange(at: start) else { return nil }
        let value = SecretValue(text.bytes[range])
        guard !value.isStandIn else { return nil }
        if rule == .awsSecretKey, range.count == 40,
            value.bytes.allSatisfy(Alphabet.base64.contains)
        {
            return Secret(family: SecretFamilies.awsSecretKey, bytes: range)
        }
        // Many a token that is a UUID names a request or a caller.
        guard value.isRandom, !value.isPlainName, rule == .key || !value.isUUID else { return nil }
        return Secret(family: SecretFamilies.assigned, bytes: range)
    }

    /// The value that begins here; nil where it is no single word, or is part of an expression.
    private func assignedRange(at start: Int) -> Range<Int>? {
        let before = byte(at: start - 1)
        let quote = "\"'`".utf8.contains(before) ? before : nil
        let isEscaped = quote != nil && byte(at: start - 2) == UInt8(ascii: "\\")
        var end = start
        while end < text.bytes.count, end - start <= Self.valueCounts.upperBound {
            let byte = text.bytes[end]
            if !Alphabet.visible.contains(byte) || byte == quote { break }
            if quote == nil || isEscaped {
                if "\"'`,;&<>()[]{}|\\".utf8.contains(byte) { break }
            } else if byte == UInt8(ascii: "\\"), Alphabet.visible.contains(self.byte(at: end + 1))
            {
                end += 1
            }
            end += 1
        }
        let stop = byte(at: end)
        if quote != nil ? stop == 0x20 : "([{".utf8.contains(stop) { return nil }
        if stop == UInt8(ascii: "<"), byte(at: end + 1) != UInt8(ascii: "/") { return nil }
        if text.bytes.has(SecretPlaceholder.opening, at: end) { return nil }
        while end > start, quote == nil, ".:".utf8.contains(text.bytes[end - 1]) { end -= 1 }
        return Self.valueCounts.contains(end - start) ? start..<end : nil
    }

    private mutating func header(at start: Int) -> Secret? {
        var end = self.end(of: .credentials, from: start)
        if text.bytes.has(SecretPlaceholder.opening, at: end) { return nil }
        end = withoutDots(start..<end)
        let value = SecretValue(text.bytes[start..<min(end, start + Self.valueCounts.upperBound)])
        guard end - start >= Self.valueCounts.lowerBound, !value.isStandIn,
            !value.isPlainName || value.isCredentialsOfBasic
        else { return nil }
        return Secret(family: SecretFamilies.header, bytes: start..<end)
    }

    /// The credentials of an Authorization header, behind their scheme.
    ///
    /// - Source: RFC 9110, 11.4.
    private mutating func credentials(at start: Int) -> Secret? {
        for scheme in SecretFamilies.schemes {
            guard start + scheme.count < text.bytes.count,
                text.bytes[start..<(start + scheme.count)]
                    .elementsEqual(scheme, by: { $0.lowercased == $1 }),
                byte(at: start + scheme.count) == 0x20
            else { continue }
            return header(at: skip(" ", from: start + scheme.count, limit: Self.spaceLimit))
        }
        return assigned(at: start, rule: .key)
    }

    private func byte(at index: Int) -> UInt8 {
        text.bytes.indices.contains(index) ? text.bytes[index] : 0
    }

    private func skip(_ bytes: StaticString, from start: Int, limit: Int) -> Int {
        var index = start
        let set = bytes.description.utf8
        while index < start + limit, index < text.bytes.count, set.contains(text.bytes[index]) {
            index += 1
        }
        return index
    }
}
