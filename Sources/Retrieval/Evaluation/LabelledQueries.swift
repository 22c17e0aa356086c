internal import StrictJSON

/// A user's own queries with the paths that answer them.
public enum LabelledQueries {
    /// Reads a file with `{"query":…,"relevant":["path",…]}` a line.
    ///
    /// `kind`, a text, groups the queries; other members are ignored.
    ///
    /// - Throws: `EvaluationError`, with file and line.
    public static func read(_ path: String) throws(EvaluationError) -> [EvaluationSet.Query] {
        let file = try LineFile(path)
        var queries: [EvaluationSet.Query] = []
        var seen: Set<String> = []
        try file.forEachObject { line, object throws(EvaluationError) in
            let text = try file.text("query", in: object, line: line)
            let kind = try file.text("kind", in: object, line: line, default: "")
            guard !text.allSatisfy(\.isWhitespace) else {
                throw file.malformed(line, "the query is empty")
            }
            guard seen.insert(text).inserted else {
                throw file.malformed(line, "the same query a second time")
            }
            let paths = object["relevant"]?.array?.map(\.string) ?? []
            guard !paths.isEmpty, !paths.contains(nil) else {
                throw file.malformed(line, "\"relevant\" must be a list of one or more paths")
            }
            let grades = Dictionary(
                paths.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: { first, _ in first })
            queries.append(
                EvaluationSet.Query(
                    id: text, text: text, kind: kind.isEmpty ? nil : kind, grades: grades))
        }
        guard !queries.isEmpty else { throw .nothingToAsk(path: path) }
        return queries
    }
}
