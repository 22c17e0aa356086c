/// The form of a JSON value: one description for checking what comes in, for telling a model what to
/// write, and for telling clients what to send.
///
/// - Source: JSON Schema 2020-12, the part of it that this program needs.
public struct JSONSchema: Sendable {
    /// What a value may be.
    public indirect enum Form: Sendable {
        /// Anything at all.
        case any
        /// `true` or `false`.
        case boolean
        /// A whole number within bounds.
        case integer(ClosedRange<Int>?)
        /// Any number.
        case number
        /// Text of so many Unicode scalars that keeps a rule.
        case string(count: ClosedRange<Int>?, TextRule)
        /// One of some texts.
        case choice([String])
        /// Values of one form, at most so many.
        case array(of: JSONSchema, atMost: Int?)
        /// Named members; others are refused unless `isOpen`.
        case object([Member], isOpen: Bool)
        /// Values of one form under any names.
        case dictionary(of: JSONSchema)
    }

    /// What a text may hold.
    public enum TextRule: Sendable, Equatable {
        /// Anything.
        case any
        /// Anything but a NUL.
        case withoutNUL
        /// Not white space alone, and no NUL.
        case filled
        /// Something, and no control characters.
        case printable
        /// What a regular expression matches as a whole; one that both ECMA-262 and Swift read.
        case matching(String)

        /// The rule as a regular expression; nil where there is none.
        var pattern: String? {
            switch self {
            case .any: nil
            case .withoutNUL: "^[^\\u0000]*$"
            // Something visible of the basic plane: what lies between its spaces.
            case .filled: "^[^\\u0000]*[\(Self.visible)][^\\u0000]*$"
            case .printable: "^[^\\u0000-\\u001F\\u007F-\\u009F]+$"
            case .matching(let pattern): pattern
            }
        }

        private static let visibleRanges: [ClosedRange<Unicode.Scalar>] = [
            "!"..."~", "\u{A1}"..."\u{167F}", "\u{1681}"..."\u{1FFF}", "\u{2070}"..."\u{2FFF}",
            "\u{3001}"..."\u{D7FF}", "\u{F900}"..."\u{FEFE}",
        ]

        private static let visible = visibleRanges.map { range in
            [range.lowerBound, range.upperBound].map { scalar in
                let digits = String(scalar.value, radix: 16, uppercase: true)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined(separator: "-")
        }.joined()

        /// Whether a text keeps the rule, in O(text).
        func accepts(_ text: String) -> Bool {
            let scalars = text.unicodeScalars
            switch self {
            case .any: return true
            case .withoutNUL: return !scalars.contains("\u{0}")
            case .filled:
                return !scalars.contains("\u{0}")
                    && scalars.contains { scalar in
                        Self.visibleRanges.contains { $0.contains(scalar) }
                    }
            case .printable:
                return !text.isEmpty
                    && scalars.allSatisfy { $0.properties.generalCategory != .control }
            case .matching(let pattern):
                do {
                    let expression = try Regex(pattern).matchingSemantics(.unicodeScalar)
                    return try expression.wholeMatch(in: text) != nil
                } catch {
                    preconditionFailure("no regular expression: \(pattern)")
                }
            }
        }
    }

    /// A named part of an object.
    public struct Member: Sendable {
        /// Its key.
        public let name: String
        /// Its form.
        public let schema: JSONSchema
        /// Whether it must be there.
        public let isRequired: Bool

        /// A member of an object.
        public init(_ name: String, _ schema: JSONSchema, isRequired: Bool = false) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    /// What the value may be.
    public let form: Form
    /// For people and models: what it means.
    public var note: String?
    /// Whether `null` is allowed too.
    public var isNullable = false

    /// A schema of a form.
    public init(_ form: Form, note: String? = nil) {
        self.form = form
        self.note = note
    }
}

extension JSONSchema {
    /// An object whose other members are refused.
    public static func object(_ members: Member...) -> JSONSchema {
        JSONSchema(.object(members, isOpen: false))
    }

    /// The members of an object; none for every other form.
    public var members: [Member] {
        guard case .object(let members, _) = form else { return [] }
        return members
    }

    /// The schema as JSON Schema, without type unions: some clients refuse those.
    public var json: JSONValue {
        var result = keywords
        if let note { result["description"] = .string(note) }
        guard isNullable else { return .object(result) }
        return .object(["anyOf": .array([.object(result), .object(["type": .string("null")])])])
    }

    private var keywords: [String: JSONValue] {
        func type(_ name: String) -> [String: JSONValue] { ["type": .string(name)] }
        switch form {
        case .any: return [:]
        case .boolean: return type("boolean")
        case .number: return type("number")
        case .integer(let bounds):
            var result = type("integer")
            if let bounds {
                result["minimum"] = .integer(Int64(bounds.lowerBound))
                result["maximum"] = .integer(Int64(bounds.upperBound))
            }
            return result
        case .string(let count, let rule):
            var result = type("string")
            if let count {
                if count.lowerBound > 0 {
                    result["minLength"] = .integer(Int64(count.lowerBound))
                }
                result["maxLength"] = .integer(Int64(count.upperBound))
            }
            if let pattern = rule.pattern { result["pattern"] = .string(pattern) }
            return result
        case .choice(let texts):
            return type("string").merging(["enum": .array(texts.map { .string($0) })]) { $1 }
        case .array(let element, let limit):
            var result = type("array")
            result["items"] = element.json
            if let limit { result["maxItems"] = .integer(Int64(limit)) }
            return result
        case .dictionary(let value):
            return type("object").merging(["additionalProperties": value.json]) { $1 }
        case .object(let members, let isOpen):
            var result = type("object")
            result["properties"] = .object(
                Dictionary(members.map { ($0.name, $0.schema.json) }) { $1 })
            let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { result["required"] = .array(required) }
            result["additionalProperties"] = .bool(isOpen)
            return result
        }
    }
}
