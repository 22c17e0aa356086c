extension JSONValue {
    /// The paths of numbers that are no 64-bit integers, at most `limit` of them.
    func fractionalPaths(limit: Int) -> [[String]] {
        var found: [[String]] = []
        collectFractions(at: [], limit: limit, into: &found)
        return found
    }

    private func collectFractions(at path: [String], limit: Int, into found: inout [[String]]) {
        guard found.count < limit else { return }
        switch self {
        case .number: found.append(path)
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                element.collectFractions(at: path + [String(index)], limit: limit, into: &found)
            }
        case .object(let members):
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                member.collectFractions(at: path + [key], limit: limit, into: &found)
            }
        default: break
        }
    }

    /// The same value with the part at `path` replaced.
    func replacing(_ path: ArraySlice<String>, by part: JSONValue) -> JSONValue {
        guard let key = path.first else { return part }
        switch self {
        case .array(var elements):
            guard let index = Int(key), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].replacing(path.dropFirst(), by: part)
            return .array(elements)
        case .object(var members):
            members[key] = members[key]?.replacing(path.dropFirst(), by: part)
            return .object(members)
        default: return self
        }
    }
}
