extension JSONValue {
    /// What parsing would read of the bytes that `StrictJSON.encode` writes, without the bytes.
    ///
    /// Dates, data and URLs are as their own types encode themselves, which `JSONEncoder` changes.
    ///
    /// - Throws: what `value` throws while it encodes itself, and for non-finite numbers.
    /// - Complexity: O(size).
    public init(encoding value: some Encodable) throws {
        self = try Self.encoded(value, [])
    }

    fileprivate static func encoded(
        _ value: some Encodable, _ path: [any CodingKey]
    ) throws -> JSONValue {
        switch value {
        case let text as String: return .string(text)
        case let number as Int: return .integer(Int64(number))
        case let flag as Bool: return .bool(flag)
        case let number as Double: return try encoded(number, path)
        case let number as Float: return try encoded(number, path)
        case let number as any BinaryInteger:
            return Int64(exactly: number).map { .integer($0) } ?? .number(Double(number))
        default:
            let slot = Slot()
            try value.encode(to: ValueEncoder(slot: slot, codingPath: path))
            return slot.value
        }
    }

    /// A whole number that is written without an exponent reads back as an integer.
    private static func encoded<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ number: Number, _ path: [any CodingKey]
    ) throws -> JSONValue {
        guard number.isFinite else {
            throw EncodingError.invalidValue(
                number, .init(codingPath: path, debugDescription: "\(number) is no JSON number"))
        }
        let text = number.description
        if text.hasSuffix(".0"), let whole = Int64(text.dropLast(2)) { return .integer(whole) }
        return .number(Double(text) ?? Double(number))
    }
}

/// Where a value is put together while it encodes itself.
private final class Slot {
    /// A part: done, or put together in a slot of its own.
    enum Part {
        case done(JSONValue)
        case open(Slot)

        var value: JSONValue {
            switch self {
            case .done(let value): value
            case .open(let slot): slot.value
            }
        }
    }

    enum Content {
        case whole(JSONValue)
        case elements([Part])
        case members([String: Part])
    }

    /// An object without members, where nothing is encoded.
    var content = Content.members([:])

    var value: JSONValue {
        switch content {
        case .whole(let value): value
        case .elements(let parts): .array(parts.map(\.value))
        case .members(let parts): .object(parts.mapValues(\.value))
        }
    }

    var elementCount: Int {
        guard case .elements(let parts) = content else { return 0 }
        return parts.count
    }

    func append(_ part: Part) {
        guard case .elements(var parts) = content else { return content = .elements([part]) }
        // Held by one alone, so that the array grows in place.
        content = .elements([])
        parts.append(part)
        content = .elements(parts)
    }

    func set(_ key: String, _ part: Part) {
        guard case .members(var parts) = content else { return content = .members([key: part]) }
        content = .members([:])
        parts[key] = part
        content = .members(parts)
    }
}

private struct ValueEncoder: Encoder {
    let slot: Slot
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.content = .elements([])
        return Elements(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Whole(slot: slot, codingPath: codingPath)
    }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { slot.set(key.stringValue, .done(.null)) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        slot.set(key.stringValue, .done(try JSONValue.encoded(value, codingPath + [key])))
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Inner> { encoder(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder(named: "super", codingPath) }

    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: Key) -> ValueEncoder {
        encoder(named: key.stringValue, codingPath + [key])
    }

    private func encoder(named name: String, _ path: [any CodingKey]) -> ValueEncoder {
        let inner = Slot()
        slot.set(name, .open(inner))
        return ValueEncoder(slot: inner, codingPath: path)
    }
}

private struct Elements: UnkeyedEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]

    var count: Int { slot.elementCount }

    func encodeNil() { slot.append(.done(.null)) }

    func encode(_ value: some Encodable) throws {
        slot.append(.done(try JSONValue.encoded(value, codingPath)))
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type
    ) -> KeyedEncodingContainer<Inner> { encoder().container(keyedBy: type) }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        encoder().unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> ValueEncoder {
        let inner = Slot()
        slot.append(.open(inner))
        return ValueEncoder(slot: inner, codingPath: codingPath)
    }
}

private struct Whole: SingleValueEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]

    func encodeNil() { slot.content = .whole(.null) }

    func encode(_ value: some Encodable) throws {
        slot.content = .whole(try JSONValue.encoded(value, codingPath))
    }
}
