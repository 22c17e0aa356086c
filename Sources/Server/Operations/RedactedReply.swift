internal import Documents
internal import StrictJSON

/// An answer without secrets; where some were taken out, it says how many.
struct RedactedReply: Sendable {
    let value: JSONValue

    init(_ value: JSONValue, redactor: Redactor) {
        let clean = Self.clean(value, redactor)
        let count = Self.count(clean)
        guard count > 0, case .object(var members) = clean else {
            self.value = clean
            return
        }
        members["redacted"] = .integer(Int64(count))
        self.value = .object(members)
    }

    private static func clean(_ value: JSONValue, _ redactor: Redactor) -> JSONValue {
        switch value {
        case .string(let text): return .string(redactor.redacted(text).text)
        case .array(let elements): return .array(elements.map { clean($0, redactor) })
        case .object(let members):
            var result = members.mapValues { clean($0, redactor) }
            // A fact's key says what its value is: they are read together.
            if let key = members["key"]?.string, let text = members["value"]?.string {
                let both = redactor.redacted("\(key) = \(text)").text
                let start = "\(key) = "
                if both.hasPrefix(start) {
                    result["value"] = .string(String(both.dropFirst(start.count)))
                }
            }
            return .object(result)
        default: return value
        }
    }

    private static let mark = Array("‹secret:".utf8)

    /// By bytes, which is many times quicker than by characters.
    private static func countMarks(in text: String) -> Int {
        var count = 0
        var rest = text.utf8[...]
        while let start = rest.firstIndex(of: mark[0]) {
            rest = rest[start...]
            if rest.starts(with: mark) { count += 1 }
            rest = rest.dropFirst()
        }
        return count
    }

    /// How many marks stand where secrets were, whoever put them there.
    private static func count(_ value: JSONValue) -> Int {
        switch value {
        case .string(let text): countMarks(in: text)
        case .array(let elements): elements.reduce(0) { $0 + count($1) }
        case .object(let members): members.values.reduce(0) { $0 + count($1) }
        default: 0
        }
    }
}
