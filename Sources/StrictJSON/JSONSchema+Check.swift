extension JSONSchema {
    /// What is wrong with a value, in sentences that name the place; none where it fits.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - limit: the most sentences.
    /// - Returns: the sentences.
    /// - Complexity: O(value).
    public func errors(in value: JSONValue, limit: Int = 20) -> [String] {
        var errors: [String] = []
        check(value, at: "", &errors, limit)
        return errors
    }

    private func check(
        _ value: JSONValue, at path: String, _ errors: inout [String], _ limit: Int
    ) {
        guard errors.count < limit else { return }
        func wrong(_ what: String) {
            errors.append("\(path.isEmpty ? "the value" : path) \(what)")
        }
        if isNullable, case .null = value { return }
        switch (form, value) {
        case (.any, _), (.boolean, .bool), (.number, .number), (.number, .integer): return
        case (.integer(let bounds), .integer), (.integer(let bounds), .number):
            guard let number = value.wholeNumber else { return wrong("must be \(kind)") }
            guard let bounds, !bounds.contains(number) else { return }
            wrong("must lie in \(bounds.lowerBound) to \(bounds.upperBound)")
        case (.string(let count, let rule), .string(let text)):
            if let count, !count.contains(text.unicodeScalars.count) {
                wrong("must have \(count.lowerBound) to \(count.upperBound) characters")
            } else if !rule.accepts(text) {
                wrong(Self.complaint(of: rule))
            }
        case (.choice(let texts), .string(let text)):
            guard !texts.contains(text) else { return }
            wrong("must be one of \(texts.joined(separator: ", "))")
        case (.array(let element, let most), .array(let values)):
            if let most, values.count > most { return wrong("has more than \(most) elements") }
            for (index, part) in values.enumerated() where errors.count < limit {
                element.check(part, at: "\(path)[\(index)]", &errors, limit)
            }
        case (.dictionary(let element), .object(let members)):
            for (name, part) in members.sorted(by: { $0.key < $1.key })
            where errors.count < limit {
                element.check(part, at: Self.join(path, name), &errors, limit)
            }
        case (.object(let known, let isOpen), .object(let members)):
            for member in known {
                if let part = members[member.name] {
                    member.schema.check(part, at: Self.join(path, member.name), &errors, limit)
                } else if member.isRequired {
                    errors.append("\(Self.join(path, member.name)) is missing")
                }
            }
            let names = known.map(\.name)
            guard !isOpen else { return }
            for name in members.keys.sorted() where !names.contains(name) {
                guard errors.count < limit else { return }
                let hint = Self.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
                errors.append("\(Self.join(path, String(name.prefix(64)))) is unknown\(hint)")
            }
        default: wrong("must be \(kind)")
        }
    }

    private var kind: String {
        switch form {
        case .any: "anything"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .string, .choice: "a text"
        case .array: "an array"
        case .object, .dictionary: "an object"
        }
    }

    private static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    private static func complaint(of rule: TextRule) -> String {
        switch rule {
        case .any, .withoutNUL: "must not hold a NUL"
        case .filled: "must not be empty"
        case .printable: "must not be empty or hold control characters"
        case .matching(let pattern): "must match \(pattern)"
        }
    }

    /// The known name that a slip of the finger most likely meant.
    private static func nearest(to name: String, in names: [String]) -> String? {
        let best = names.map { (name: $0, distance: editDistance($0, name)) }
            .min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, best.name.count / 3) else { return nil }
        return best.name
    }

    /// - Source: Levenshtein distance, by one row.
    private static func editDistance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8.prefix(64)), Array(right.utf8.prefix(64)))
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
