import StrictJSON

/// Any JSON inside a reply.
struct JSONValueReply: Encodable {
    let value: JSONValue

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let text): try container.encode(text)
        case .array(let values): try container.encode(values.map { JSONValueReply(value: $0) })
        case .object(let members):
            try container.encode(members.mapValues { JSONValueReply(value: $0) })
        }
    }
}
