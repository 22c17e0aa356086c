/// A YAML value; every scalar is kept as the text that was written.
public enum MetadataValue: Sendable, Equatable {
    /// A scalar's text.
    case text(String)
    /// Values in order.
    case list([MetadataValue])
    /// Values by key.
    case map([String: MetadataValue])

    /// The member `key` of a map.
    public subscript(key: String) -> MetadataValue? {
        guard case .map(let members) = self else { return nil }
        return members[key]
    }

    /// The text of a scalar.
    public var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The texts of a list's scalars; a lone scalar counts as a list of one.
    public var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let values): values.compactMap(\.text)
        case .map: []
        }
    }
}
