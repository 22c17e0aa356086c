import Store

/// A fact as replies show it.
struct FactReply: Encodable {
    let fact: Fact

    init(_ fact: Fact) {
        self.fact = fact
    }

    private enum CodingKeys: String, CodingKey {
        case key, value
        case updatedAt = "updated_at"
        case expiresAt = "expires_at"
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(fact.key, forKey: .key)
        try members.encode(fact.value, forKey: .value)
        try members.encode(fact.updatedAt, forKey: .updatedAt)
        try members.encode(fact.expiresAt, forKey: .expiresAt)
    }
}
