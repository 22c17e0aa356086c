import TestSupport

/// Draws secrets by lot; none of them is or was anybody's.
struct SecretMaker {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    private static let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    private static let lower = Array("abcdefghijklmnopqrstuvwxyz")
    private static let digits = Array("0123456789")
    private static let alphabets: [Character: [Character]] = [
        "d": digits,
        "h": digits + "abcdef",
        "c": upper + "234567",
        "u": upper + digits,
        "l": lower + digits,
        "a": upper + lower + digits,
        "t": upper + lower + digits + "_-",
        "b": upper + lower + digits + "+/",
        "p": upper + lower + digits + "!#%+-=?^_~",
    ]

    /// The pattern with each `{93t}` replaced by so many characters of an alphabet.
    mutating func make(_ pattern: String) -> String {
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let count = Int(rest[open..<close].dropFirst().dropLast()) ?? 0
            let alphabet = Self.alphabets[rest[rest.index(before: close)]] ?? []
            result += (0..<count).map { _ in String(pick(alphabet)) }.joined()
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// So many characters with at least two digits, capitals and small letters in the first twelve.
    mutating func password(_ count: Int, of alphabet: Character = "a") -> String {
        while true {
            let password = make("{\(count)\(alphabet)}")
            let start = password.prefix(12)
            let kinds = [Self.digits, Self.upper, Self.lower]
            let isMixed = kinds.allSatisfy { kind in start.count(where: kind.contains) >= 2 }
            if isMixed, Set(start).count >= 11 { return password }
        }
    }

    /// A key block with lines of 64 characters and a shorter one.
    mutating func block(
        _ label: String, lines: Int = 6, header: String = "", lineEnd: String = "\n"
    ) -> String {
        let body = (0..<lines).map { _ in make("{64b}") } + [make("{21b}=")]
        return
            (["-----BEGIN \(label)-----"] + (header.isEmpty ? [] : [header, ""]) + body
            + ["-----END \(label)-----"]).joined(separator: lineEnd)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }
}
