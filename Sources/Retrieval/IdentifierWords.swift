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
    package static func split(_ identifier: some StringProtocol) -> [String] {
        let bytes = Array(identifier.utf8)
        return bytes.allSatisfy(\.isASCII) ? asciiParts(of: bytes[...]) : characterParts(identifier)
    }

    /// The words of every run of letters and digits in a text, in order, each run taken apart.
    ///
    /// - Complexity: O(text).
    package static func allWords(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return bytes.split { $0.isASCII && !$0.isASCIIAlphanumeric }.flatMap { run in
            guard run.allSatisfy(\.isASCII) else {
                return String(decoding: run, as: UTF8.self)
                    .split { !$0.isLetter && !$0.isNumber }.flatMap(characterParts)
            }
            return asciiParts(of: run)
        }
    }

    /// `characterParts` of ASCII, many times quicker.
    private static func asciiParts(of bytes: ArraySlice<UInt8>) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func close() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
        }
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte.isASCIIAlphanumeric else {
                close()
                continue
            }
            if !word.isEmpty, byte.isASCIIUppercase {
                let next = index + 1 < bytes.endIndex ? bytes[index + 1] : 0
                if bytes[index - 1].isASCIILowercase || next.isASCIILowercase { close() }
            }
            word.append(byte.isASCIIUppercase ? byte | 0x20 : byte)
        }
        close()
        return words
    }

    private static func characterParts(_ identifier: some StringProtocol) -> [String] {
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

extension UInt8 {
    fileprivate var isASCII: Bool { self < 0x80 }
    fileprivate var isASCIIUppercase: Bool { (0x41...0x5A).contains(self) }
    fileprivate var isASCIILowercase: Bool { (0x61...0x7A).contains(self) }
    fileprivate var isASCIIAlphanumeric: Bool {
        isASCIIUppercase || isASCIILowercase || (0x30...0x39).contains(self)
    }
}
