internal import Documents
public import Store

extension Context.Passage {
    /// The passage as a reader is shown it: headings, where it stands, what may be thought of it,
    /// and its text behind a fence that it cannot close, because it is data.
    public var rendered: String {
        var fence = "````"
        while text.contains(fence) { fence += "`" }
        return """
            ### \(breadcrumb)

            Source: \(citation) (\(standing))

            \(fence)text
            \(text)
            \(fence)
            """
    }

    /// In a few words: role, trust, freshness, dates, owner, and whether the file has changed.
    public var standing: String {
        let dates = [
            verifiedAt.map { "verified \($0)" }, reviewBy.map { "review by \($0)" },
            owner.map { "owner \($0)" }, isStale ? "changed since it was indexed" : nil,
        ]
        let words =
            [kind, "trust: \(trust.rawValue)", freshness.rawValue] + dates.compactMap { $0 }
        // What front matter says must not end the line.
        return words.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
            .joined(separator: ", ")
    }
}

extension Context {
    /// A fact as a reader is shown it.
    public static func rendered(_ fact: Fact) -> String {
        "- \(fact.key) = \(fact.value) (set \(fact.updatedAt))"
    }

    /// An event as a reader is shown it.
    public static func rendered(_ event: TimelineEvent) -> String {
        "- \(event.timestamp) \(event.text)"
    }
}
