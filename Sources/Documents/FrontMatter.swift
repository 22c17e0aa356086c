internal import Yams

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

/// The YAML block between `---` at line 1 and the next `---` or `...`.
///
/// A `---` further down is a thematic break, never front matter.
public struct FrontMatter: Sendable, Equatable {
    /// The block's members; empty where it is not a YAML map.
    public let values: [String: MetadataValue]
    /// The lines it covers, both delimiters included.
    public let lines: ClosedRange<Int>
    /// Why the block could not be read, with the line; nil where it could.
    public let problem: Problem?

    /// What is wrong with a block, and where.
    public struct Problem: Sendable, Equatable {
        /// The 1-based line in the file.
        public let line: Int
        /// One sentence for people.
        public let reason: String
    }

    private static let byteLimit = 64 << 10
    private static let nestingLimit = 32
    private static let nodeLimit = 10_000

    /// Finds and reads the block; nil where line 1 is not `---` or nothing closes it.
    public init?(_ source: SourceText) {
        guard source.lines.first?.trimmingTrailingSpace == "---",
            let end = source.lines.indices.dropFirst().first(where: {
                ["---", "..."].contains(source.lines[$0].trimmingTrailingSpace)
            })
        else { return nil }
        lines = 1...(end + 1)
        let yaml = source.lines[1..<end].joined(separator: "\n")
        do throws(Unreadable) {
            values = try Self.members(of: yaml)
            problem = nil
        } catch {
            values = [:]
            problem = Problem(line: error.line + 1, reason: error.reason)
        }
    }

    /// A problem at a 1-based line of the block.
    private struct Unreadable: Error {
        let line: Int
        let reason: String
    }

    private static func members(of yaml: String) throws(Unreadable) -> [String: MetadataValue] {
        guard yaml.utf8.count <= byteLimit else {
            throw Unreadable(line: 1, reason: "over \(byteLimit) bytes")
        }
        guard !isTooDeep(yaml) else {
            throw Unreadable(line: 1, reason: "nested deeper than \(nestingLimit)")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw Unreadable(line: error.line, reason: error.reason)
        } catch {
            throw Unreadable(line: 1, reason: "\(error)")
        }
        guard let node else { return [:] }
        var budget = nodeLimit
        guard let value = value(of: node, budget: &budget) else {
            throw Unreadable(line: 1, reason: "over \(nodeLimit) values")
        }
        guard case .map(let members) = value else {
            throw Unreadable(line: 1, reason: "not a map")
        }
        return members
    }

    /// A cheap bound on nesting, because the YAML composer recurses.
    private static func isTooDeep(_ yaml: String) -> Bool {
        var depth = 0
        for byte in yaml.utf8 {
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { depth -= 1 }
            if depth > nestingLimit { return true }
        }
        return yaml.split(separator: "\n").contains { line in
            line.prefix { "-?: ".contains($0) }.filter { $0 != " " }.count > nestingLimit
        }
    }

    /// Nil once the budget is spent: aliases can expand without end.
    private static func value(of node: Node, budget: inout Int) -> MetadataValue? {
        budget -= 1
        guard budget > 0 else { return nil }
        switch node {
        case .scalar(let scalar): return .text(scalar.string)
        case .sequence(let sequence):
            var values: [MetadataValue] = []
            for node in sequence {
                guard let value = value(of: node, budget: &budget) else { return nil }
                values.append(value)
            }
            return .list(values)
        case .mapping(let mapping):
            var members: [String: MetadataValue] = [:]
            for (key, node) in mapping {
                guard let value = value(of: node, budget: &budget) else { return nil }
                members[key.scalar?.string ?? "?"] = value
            }
            return .map(members)
        case .alias: return .text("")
        }
    }
}

extension YamlError {
    fileprivate var line: Int {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            mark.line
        default: 1
        }
    }

    fileprivate var reason: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
            .composer(_, let problem, _, _):
            problem
        default: "not YAML"
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpace: Substring {
        self[...].trimmingSuffix { $0 == " " || $0 == "\t" }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return rest
    }
}
