internal import Yams

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
    private static let multiplierLimit = 10

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
        guard multipliers(in: Array(yaml.utf8)) <= multiplierLimit else {
            throw Unreadable(line: 1, reason: "over \(multiplierLimit) aliases and compound keys")
        }
        let node: Node?
        do {
            // Scalars are kept as text, so equal texts are equal keys.
            node = try Yams.compose(yaml: yaml, .basic)
        } catch let error as YamlError {
            throw Unreadable(line: error.line, reason: error.reason)
        } catch {
            throw Unreadable(line: 1, reason: "\(error)")
        }
        guard let node else { return [:] }
        var budget = nodeLimit
        guard case .map(let members) = try value(of: node, depth: 0, budget: &budget) else {
            throw Unreadable(line: 1, reason: "not a map")
        }
        return members
    }

    /// How many aliases and keys of several values a block may have, counted generously.
    ///
    /// The composer hashes every key with all that is in it, and an alias repeats all that is in its
    /// anchor: each of these can multiply the work, anything else only adds to it. How deep the
    /// composer recurses is bounded by libyaml, at 1000 levels.
    private static func multipliers(in yaml: [UInt8]) -> Int {
        var anchors: Set<ArraySlice<UInt8>> = []
        var count = 0
        for (index, byte) in yaml.enumerated() {
            let rest = yaml[(index + 1)...]
            switch byte {
            case UInt8(ascii: "&"): anchors.insert(rest.prefix(while: isNameByte))
            case UInt8(ascii: "*"):
                let name = rest.prefix(while: isNameByte)
                if !name.isEmpty && anchors.contains(name) { count += 1 }
            case UInt8(ascii: "?"):
                let before = index == 0 ? 0x20 : yaml[index - 1]
                if " \t\r\n[{,".utf8.contains(before), " \t\r\n".utf8.contains(rest.first ?? 0x20) {
                    count += 1
                }
            default: break
            }
        }
        return count
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func value(
        of node: Node, depth: Int, budget: inout Int
    ) throws(Unreadable) -> MetadataValue {
        budget -= 1
        guard budget > 0 else {
            throw Unreadable(line: 1, reason: "over \(nodeLimit) values")
        }
        guard depth <= nestingLimit else {
            throw Unreadable(
                line: node.mark?.line ?? 1, reason: "nested deeper than \(nestingLimit)")
        }
        switch node {
        case .scalar(let scalar): return .text(scalar.string)
        case .sequence(let sequence):
            var values: [MetadataValue] = []
            for node in sequence {
                values.append(try value(of: node, depth: depth + 1, budget: &budget))
            }
            return .list(values)
        case .mapping(let mapping):
            var members: [String: MetadataValue] = [:]
            for (key, node) in mapping {
                members[key.scalar?.string ?? "?"] = try value(
                    of: node, depth: depth + 1, budget: &budget)
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
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }

    fileprivate var reason: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
            .composer(_, let problem, _, _):
            problem
        case .duplicatedKeysInMapping(let keys, _):
            "duplicate key \(keys.map { "'\($0)'" }.joined(separator: ", "))"
        default: "not YAML"
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpace: Substring {
        guard let last = lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return self[...last]
    }
}
