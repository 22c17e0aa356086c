/// Markdown's inline marks taken off a line of prose.
public enum PlainProse {
    /// The text without emphasis, link targets and code ticks, on one line.
    ///
    /// - Complexity: O(text).
    public static func text(of markdown: String) -> String {
        textWithCode(of: markdown).replacing("`", with: "")
    }

    /// The text without emphasis and link targets, on one line; code keeps its ticks.
    ///
    /// - Complexity: O(text).
    public static func textWithCode(of markdown: String) -> String {
        let bytes = withoutEmphasis(withoutLinkTargets(Array(markdown.utf8)))
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    /// `[text](target)` and `![text](target)` become `text`.
    ///
    /// The closing marks ahead are looked up once, so that many opening ones cost nothing.
    private static func withoutLinkTargets(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var bracket = 0
        var parenthesis = 0
        var index = 0
        while index < bytes.count {
            let isImage = bytes[index...].starts(with: "![".utf8)
            let label = index + (isImage ? 2 : 1)
            if isImage || bytes[index] == UInt8(ascii: "[") {
                bracket =
                    bytes[max(bracket, label)...].firstIndex(of: UInt8(ascii: "]")) ?? bytes.count
                if bytes[bracket...].starts(with: "](".utf8) {
                    parenthesis =
                        bytes[max(parenthesis, bracket)...].firstIndex(of: UInt8(ascii: ")"))
                        ?? bytes.count
                    if parenthesis < bytes.count {
                        result += bytes[label..<bracket]
                        index = parenthesis + 1
                        continue
                    }
                }
            }
            result.append(bytes[index])
            index += 1
        }
        return result
    }

    /// Without `**` and `__`.
    private static func withoutEmphasis(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: "**".utf8) || rest.starts(with: "__".utf8) {
                index += 2
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
