extension ParsedQuery {
    /// Words of the language, which say nothing of what is measured.
    private static let promQLWords: Set<String> = [
        "abs", "absent", "absent_over_time", "and", "avg", "avg_over_time", "bool", "bottomk", "by",
        "ceil", "changes", "clamp", "clamp_max", "clamp_min", "count", "count_over_time",
        "count_values", "day_of_month", "day_of_week", "delta", "deriv", "exp", "floor", "group",
        "group_left", "group_right", "histogram_quantile", "hour", "idelta", "ignoring", "increase",
        "inf", "irate", "label_join", "label_replace", "last_over_time", "ln", "log10", "log2",
        "max", "max_over_time", "min", "min_over_time", "minute", "month", "nan", "offset", "on",
        "or", "predict_linear", "present_over_time", "quantile", "quantile_over_time", "rate",
        "resets", "round", "scalar", "sort", "sort_desc", "sqrt", "stddev", "stddev_over_time",
        "stdvar", "sum", "sum_over_time", "time", "timestamp", "topk", "unless", "vector",
        "without", "year",
    ]
    private static let promQLNameLimit = 12

    /// The metrics and label values of an expression; nil for what does not look like one.
    ///
    /// It does where a name has a matcher or a range behind it, or a function of the language
    /// around it.
    /// - Source: https://prometheus.io/docs/prometheus/latest/querying/basics/
    static func promQL(_ query: String) -> ParsedQuery? {
        let tokens = PromQLToken.tokens(of: query)
        var names: [String] = []
        var values: [String] = []
        var isExpression = false
        let hasRange =
            query.utf8.contains(UInt8(ascii: "["))
            && query.firstMatch(of: /\[\d+(?:ms|[smhdwy])/) != nil
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : .mark(" ")
            switch token {
            case .name(let name) where promQLWords.contains(name.lowercased()):
                isExpression = isExpression || next == .mark("(")
            case .name(let name):
                if next == .mark("{") || next == .mark("[") && hasRange { isExpression = true }
                // In braces a label's name stands before its value, and says less.
                if case .mark(let mark) = next, mark == "=" || mark == "!" { continue }
                names.append(name)
            case .text(let value) where value.contains(where: \.isLetter): values.append(value)
            case .text, .mark: break
            }
        }
        guard isExpression, !names.isEmpty || !values.isEmpty,
            names.contains(where: { $0.contains("_") || $0.contains(":") }) || query.contains("{")
                || hasRange
        else { return nil }
        let metrics = unique(names.filter { $0.contains("_") || $0.contains(":") })
        let telling = unique((metrics.isEmpty ? names : metrics) + values)
        let words = telling.prefix(promQLNameLimit).map {
            IdentifierWords.split($0).joined(separator: " ")
        }
        return ParsedQuery(
            .promql, sense: words.joined(separator: " "),
            names: Array(telling.prefix(promQLNameLimit)), whole: query)
    }
}

/// A part of an expression over metrics.
private enum PromQLToken: Equatable {
    case name(String)
    case text(String)
    case mark(Character)

    static func tokens(of query: String) -> [PromQLToken] {
        var tokens: [PromQLToken] = []
        var rest = query[...]
        while let first = rest.first {
            if first == "\"" || first == "'" || first == "`" {
                rest = rest.dropFirst()
                let value = rest.prefix { $0 != first }
                tokens.append(.text(String(value)))
                rest = rest.dropFirst(value.count + 1)
            } else if first.isLetter || first == "_" {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
                tokens.append(.name(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first.isNumber {
                // Durations and numbers: `5m`, `1h30m`, `0.99`.
                rest = rest.drop { $0.isNumber || $0.isLetter || $0 == "." }
            } else {
                if !first.isWhitespace { tokens.append(.mark(first)) }
                rest = rest.dropFirst()
            }
        }
        return tokens
    }
}
