internal import Documents
internal import StrictJSON

/// An answer without secrets; where some were taken out, it says how many.
struct RedactedReply: Sendable {
    let value: JSONValue

    init(_ value: JSONValue, redactor: Redactor) {
        var count = 0
        let clean = Self.clean(value, redactor, &count)
        guard count > 0, case .object(var members) = clean else {
            self.value = clean
            return
        }
        members["redacted"] = .integer(Int64(count))
        self.value = .object(members)
    }

    private static func clean(
        _ value: JSONValue, _ redactor: Redactor, _ count: inout Int
    ) -> JSONValue {
        switch value {
        case .string(let text):
            let redacted = redactor.redacted(text)
            count += redacted.redactionCount
            return .string(redacted.text)
        case .array(let elements): return .array(elements.map { clean($0, redactor, &count) })
        case .object(let members):
            return .object(members.mapValues { clean($0, redactor, &count) })
        default: return value
        }
    }
}
