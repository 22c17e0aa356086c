/// Identifiers taken apart: `KubePodCrashLooping` and `aws_sqs_queue` become words.
public enum IdentifierWords {
    /// The words of every identifier in `text` that has several, lower case, in order.
    ///
    /// An identifier is a run of letters, digits and `_ - . / :` that changes case or holds one of
    /// those marks between words.
    /// - Complexity: O(text).
    public static func words(in text: some StringProtocol) -> [String] {
        var words: [String] = []
        for token in text.split(whereSeparator: {
            !isIdentifierMark($0) && !$0.isLetter && !$0.isNumber
        }) {
            let parts = split(token)
            if parts.count > 1 { words += parts }
        }
        return words
    }

    /// One identifier's words, lower case: cut at marks, and before a capital that follows a small
    /// letter or starts a word.
    ///
    /// Digits stay with their letters: `s3`, `k8s`, `route53`.
    static func split(_ identifier: some StringProtocol) -> [String] {
        var words: [String] = []
        var current = ""
        let characters = Array(identifier)
        for (index, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                if !current.isEmpty { words.append(current) }
                current = ""
                continue
            }
            if let last = current.last,
                isBoundary(last, character, next: characters.dropFirst(index + 1).first)
            {
                words.append(current)
                current = ""
            }
            current.append(character)
        }
        if !current.isEmpty { words.append(current) }
        return words.map { $0.lowercased() }
    }

    private static func isBoundary(_ last: Character, _ character: Character, next: Character?)
        -> Bool
    {
        guard character.isUppercase else { return false }
        return last.isLowercase || (last.isNumber && next?.isLowercase == true)
            || (last.isUppercase && next?.isLowercase == true)
    }

    private static func isIdentifierMark(_ character: Character) -> Bool {
        switch character {
        case "_", "-", ".", "/", ":": true
        default: false
        }
    }
}
