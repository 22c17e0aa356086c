/// Passwords in addresses: `scheme://user:password@host`.
extension SecretScanner {
    private static let schemeEnd = Array("://".utf8)
    private static let digestMark = Array("sha256:".utf8)
    /// How far a password with `/`, `?` or `#` in it is looked for.
    private static let looseByteLimit = 160

    /// The password of the address whose `://` stands here.
    ///
    /// A password must not hold `/`, `?` or `#` by the grammar, but people write them; such a one
    /// counts where it looks random.
    /// - Complexity: O(1) but for the name and password, in which no other address begins.
    /// - Source: RFC 3986, 3.2.1.
    mutating func addressPassword(at index: Int) -> Secret? {
        guard text.bytes.has(Self.schemeEnd, at: index), index > floor,
            Alphabet.alphanumeric.contains(text.bytes[index - 1])
        else { return nil }
        let start = index + Self.schemeEnd.count
        let end = self.end(of: .userInfo, from: start)
        guard let colon = firstColon(in: start..<end) else { return nil }
        if let at = text.bytes[colon..<end].lastIndex(of: UInt8(ascii: "@")) {
            return password(colon + 1..<at, isLoose: false)
        }
        // Only digits before the first of them are a port.
        guard end < text.bytes.count, "/?#".utf8.contains(text.bytes[end]),
            !text.bytes[(colon + 1)..<end].allSatisfy(Alphabet.digits.contains)
        else { return nil }
        var looseEnd = end
        let limit = min(text.bytes.count, end + Self.looseByteLimit)
        while looseEnd < limit,
            Alphabet.userInfo.contains(text.bytes[looseEnd])
                || "/?#".utf8.contains(text.bytes[looseEnd])
        {
            looseEnd += 1
        }
        guard let at = text.bytes[colon..<looseEnd].lastIndex(of: UInt8(ascii: "@"))
        else { return nil }
        return password(colon + 1..<at, isLoose: true)
    }

    /// The colon after the name, which may be a placeholder by now.
    private func firstColon(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound, text.bytes[index] != UInt8(ascii: ":") {
            index = SecretPlaceholder.end(in: text.bytes, from: index) ?? index + 1
        }
        return index < range.upperBound ? index : nil
    }

    private func password(_ range: Range<Int>, isLoose: Bool) -> Secret? {
        let value = SecretValue(text.bytes[range])
        guard !range.isEmpty, !value.isTemplate, !value.holdsPlaceholder,
            !text.bytes.has(Self.digestMark, at: range.upperBound + 1),
            !isLoose || (value.isRandom && !value.isPlainName)
        else { return nil }
        return Secret(family: SecretFamilies.address, bytes: range)
    }
}
