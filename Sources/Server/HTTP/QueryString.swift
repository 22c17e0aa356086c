internal import HTTPTypes
internal import Orchestration
internal import StrictJSON

/// The members of a query, decoded strictly and typed by a schema.
enum QueryString {
    /// Reads `a=1&b=x%20y`.
    ///
    /// - Throws: `Refusal` for a name given twice and for what is no percent-encoded UTF-8.
    static func members(
        _ query: some StringProtocol, typedBy members: [JSONSchema.Member]
    ) throws(Refusal) -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(sides[0])
            let text = sides.count == 2 ? try decoded(sides[1]) : ""
            let schema = members.first { $0.name == name }?.schema
            guard found.updateValue(value(of: text, schema), forKey: name) == nil else {
                throw Refusal(.badRequest, "USAGE", "\(name) is given twice")
            }
        }
        return found
    }

    /// Percent-encoded bytes as text; `+` is a space in a query.
    static func decoded(
        _ bytes: some Sequence<UInt8>, plusIsSpace: Bool = true
    ) throws(Refusal) -> String {
        var result: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace: result.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else {
                    throw Refusal(.badRequest, "USAGE", "a % without two digits")
                }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        guard let text = String(validating: result, as: UTF8.self) else {
            throw Refusal(.badRequest, "USAGE", "the request's target is not UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        byte.flatMap { Character(Unicode.Scalar($0)).hexDigitValue }.map(UInt8.init)
    }

    private static func value(of text: String, _ schema: JSONSchema?) -> JSONValue {
        switch schema?.form {
        case .integer: Int64(text).map { .integer($0) } ?? .string(text)
        case .boolean: ["true": .bool(true), "false": .bool(false)][text] ?? .string(text)
        default: .string(text)
        }
    }
}
