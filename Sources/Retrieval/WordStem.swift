/// Words brought to the stem that their forms share, roughly.
package enum WordStem {
    /// Longest first, so that the first that fits is the one that is taken off.
    private static let endings: [[UInt8]] = [
        "ations", "ation", "ings", "edly", "ing", "ies", "ied", "es", "ed", "er", "ly", "s", "e",
        "y",
    ].map { Array($0.utf8) }
    private static let shortest = 3

    /// A lower-case word without its ending: `failing`, `failed` and `fails` become `fail`.
    ///
    /// One ending is taken off, and only where three bytes stay. Stems are compared with each other
    /// and with nothing else.
    /// - Complexity: O(word).
    package static func stem(_ word: String) -> String {
        let bytes = Array(word.utf8)
        for ending in endings where bytes.count >= ending.count + shortest {
            if bytes.last == ending.last, bytes.suffix(ending.count).elementsEqual(ending) {
                return String(decoding: bytes.dropLast(ending.count), as: UTF8.self)
            }
        }
        return word
    }
}
