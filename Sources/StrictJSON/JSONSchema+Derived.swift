extension JSONSchema {
    /// The schema of what a type decodes, found by letting it decode itself from a decoder that
    /// notes what is asked for.
    ///
    /// Enumerations with raw texts become choices where they list their cases, else texts. A type
    /// that reads by trial, such as `JSONValue`, is anything.
    ///
    /// - Throws: what the type's own `init(from:)` throws on made-up values; a synthesized one
    ///   throws nothing.
    /// - Complexity: O(members of the type and of those below it).
    public static func describing<Value: Decodable>(_ type: Value.Type) throws -> JSONSchema {
        try SchemaProbe.describe(type).schema
    }
}

/// Types that cannot tell their form by decoding themselves from made-up values.
public protocol SchemaDescribing {
    /// The form of the type's JSON.
    static var schema: JSONSchema { get }
    /// Any value of the type.
    static var example: Self { get }
}

extension JSONValue: SchemaDescribing {
    /// Anything.
    public static var schema: JSONSchema { JSONSchema(.any) }
    /// The least there is.
    public static var example: JSONValue { .null }
}

private protocol StringKeyed {
    static var valueType: any Decodable.Type { get }
    static var none: Self { get }
}

extension Dictionary: StringKeyed where Key == String, Value: Decodable {
    fileprivate static var valueType: any Decodable.Type { Value.self }
    fileprivate static var none: Self { [:] }
}

/// Notes what a type asks its decoder for, and answers with made-up values.
private final class SchemaProbe: Decoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    var form: JSONSchema.Form = .any
    var members: [JSONSchema.Member] = []

    static func describe<Value: Decodable>(
        _ type: Value.Type
    ) throws -> (schema: JSONSchema, value: Value) {
        if let type = type as? any SchemaDescribing.Type, let value = type.example as? Value {
            return (type.schema, value)
        }
        if let keyed = type as? any StringKeyed.Type, let none = keyed.none as? Value {
            return (JSONSchema(.dictionary(of: try describe(keyed.valueType))), none)
        }
        if let texts = texts(of: type), let first = texts.first {
            let value = try type.init(from: SchemaProbe(answering: first))
            return (JSONSchema(.choice(texts)), value)
        }
        let probe = SchemaProbe()
        let value = try type.init(from: probe)
        return (JSONSchema(probe.form), value)
    }

    private static func describe(_ type: any Decodable.Type) throws -> JSONSchema {
        func open<Value: Decodable>(_ type: Value.Type) throws -> JSONSchema {
            try describe(type).schema
        }
        return try open(type)
    }

    /// The raw texts of an enumeration that lists its cases.
    private static func texts(of type: Any.Type) -> [String]? {
        guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
        func open<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> [String]? {
            type.allCases.first?.rawValue is String
                ? type.allCases.compactMap { $0.rawValue as? String } : nil
        }
        return open(type)
    }

    private let text: String

    init(answering text: String = "") {
        self.text = text
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members<Key>(probe: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Elements(probe: self) }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(probe: self) }

    /// The made-up value of a primitive type, noting its form.
    func primitive<Value>(_ type: Value.Type) -> (form: JSONSchema.Form, value: Value)? {
        let found: (JSONSchema.Form, Any)? =
            switch type {
            case is Bool.Type: (.boolean, false)
            case is String.Type: (.string(count: nil, .any), text)
            case is Int.Type: (.integer(nil), 0)
            case is Int64.Type: (.integer(nil), Int64(0))
            case is Double.Type: (.number, 0.0)
            case is Float.Type: (.number, Float(0))
            default: nil
            }
        return found.flatMap { form, value in (value as? Value).map { (form, $0) } }
    }

    func describe<Value: Decodable>(
        part type: Value.Type
    ) throws -> (schema: JSONSchema, value: Value) {
        if let (form, value) = SchemaProbe().primitive(type) { return (JSONSchema(form), value) }
        return try Self.describe(type)
    }

    struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let probe: SchemaProbe
        let codingPath: [any CodingKey] = []
        let allKeys: [Key] = []

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) -> Bool { false }

        func note(_ key: Key, _ schema: JSONSchema, isRequired: Bool) {
            probe.members.append(
                JSONSchema.Member(key.stringValue, schema, isRequired: isRequired))
            probe.form = .object(probe.members, isOpen: false)
        }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            let (schema, value) = try probe.describe(part: type)
            note(key, schema, isRequired: true)
            return value
        }

        private func optional<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
            var (schema, value) = try probe.describe(part: type)
            schema.isNullable = true
            note(key, schema, isRequired: false)
            return value
        }

        func decodeIfPresent<Value: Decodable>(
            _ type: Value.Type, forKey key: Key
        ) throws -> Value? { try optional(type, key) }

        // The protocol has its own defaults for these types, which would take them for required.
        func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
            try optional(type, key)
        }
        func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
            try optional(type, key)
        }
        func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
            try optional(type, key)
        }
        func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
            try optional(type, key)
        }
        func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
            try optional(type, key)
        }
        func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
            try optional(type, key)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedDecodingContainer<Nested> {
            KeyedDecodingContainer(Members<Nested>(probe: SchemaProbe()))
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
            Elements(probe: SchemaProbe())
        }

        func superDecoder() -> any Decoder { SchemaProbe() }
        func superDecoder(forKey key: Key) -> any Decoder { SchemaProbe() }
    }

    struct Elements: UnkeyedDecodingContainer {
        let probe: SchemaProbe
        let codingPath: [any CodingKey] = []
        let count: Int? = nil
        var isAtEnd: Bool { currentIndex > 0 }
        var currentIndex = 0

        mutating func decodeNil() -> Bool { false }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let (schema, value) = try probe.describe(part: type)
            probe.form = .array(of: schema, atMost: nil)
            currentIndex += 1
            return value
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) -> KeyedDecodingContainer<Nested> {
            KeyedDecodingContainer(Members<Nested>(probe: SchemaProbe()))
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
            Elements(probe: SchemaProbe())
        }

        mutating func superDecoder() -> any Decoder { SchemaProbe() }
    }

    struct Single: SingleValueDecodingContainer {
        let probe: SchemaProbe
        let codingPath: [any CodingKey] = []

        func decodeNil() -> Bool { false }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            if let (form, value) = probe.primitive(type) {
                probe.form = form
                return value
            }
            let (schema, value) = try probe.describe(part: type)
            probe.form = schema.form
            return value
        }
    }
}
