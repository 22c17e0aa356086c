/// A query taken apart into what each channel searches for.
public struct ParsedQuery: Sendable, Equatable, Codable {
    /// What kind of text it is.
    public let shape: QueryShape
    /// The words for full text, most telling first, without repeats.
    public let terms: [String]
    /// Names that may be misspelt, which are also looked for by their letters.
    public let names: [String]
    /// What is embedded and compared with headings: the query without what changes every time.
    public let sense: String

    /// A query of parts that tell; where none do, all of it counts.
    ///
    /// - Parameters:
    ///   - shape: what kind of text it is.
    ///   - sense: the sentences, or the names' words.
    ///   - names: names, most telling first.
    ///   - whole: the query as it was given.
    init(_ shape: QueryShape, sense: String, names: [String] = [], whole: String) {
        let words = QueryTerms((names + [sense]).joined(separator: " ")).terms
        self.shape = shape
        terms = words.isEmpty ? QueryTerms(whole).terms : words
        self.names = Array(names.prefix(Self.nameLimit))
        let isTelling = sense.contains { $0.isLetter || $0.isNumber }
        self.sense = isTelling ? sense : whole
    }

    /// Names looked for by letters; later ones are left to full text.
    private static let nameLimit = 4

    /// Understands a query by its looks, or as what its author says it is.
    ///
    /// Pure, and never fails: what has the looks of no kind is searched as prose, and what does not
    /// look as it was said to counts as a whole.
    /// - Complexity: O(query).
    public init(_ query: String, as shape: QueryShape? = nil) {
        let readers: [(QueryShape, (String) -> ParsedQuery?)] = [
            (.alert, Self.alert), (.stackTrace, Self.stackTrace), (.logLine, Self.logLine),
            (.promql, Self.promQL), (.command, Self.command), (.errorCode, Self.errorCode),
            (.identifier, Self.identifier),
        ]
        let fitting = readers.filter { reader, _ in
            shape == nil || reader == shape || (shape == .logLine && reader == .stackTrace)
        }
        let parsed = fitting.lazy.compactMap { $0.1(query) }.first
        self = parsed ?? ParsedQuery(shape ?? .prose, sense: query, whole: query)
    }

    /// A word on its own, with a capital or a number, is a name from this length on.
    private static let oneWordLength = 5

    private static func identifier(_ query: String) -> ParsedQuery? {
        let words = query.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let name = words.first, name.contains(where: \.isLetter)
        else { return nil }
        let parts = IdentifierWords.split(name)
        let isMarked = name.contains { $0.isUppercase || $0.isNumber }
        guard parts.count > 1 || (isMarked && name.count >= oneWordLength) else { return nil }
        return ParsedQuery(
            .identifier, sense: query, names: [parts.joined(separator: " ")], whole: query)
    }
}
