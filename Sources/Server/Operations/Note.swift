internal import Documents
internal import Foundation
internal import StrictJSON

/// Something an agent asked to be remembered, as a Markdown file.
struct Note: Sendable {
    let fileName: String
    let bytes: [UInt8]

    /// A note; its name follows from what it says, so that the same note has the same file.
    init(title: String, tags: [String], text: String, writtenAt: Date) {
        let name = Self.line(title)
        let identity = JSONValue.array(([name, text] + tags).map { .string($0) })
        let digest = ContentHash(of: identity.canonicalBytes).rawValue.prefix(12)
        let words = name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        fileName =
            (words.prefix(6).map { String($0.prefix(16)) } + [String(digest)])
            .joined(separator: "-") + ".md"
        // JSON texts are YAML texts.
        func quoted(_ text: String) -> String {
            String(decoding: JSONValue.string(text).canonicalBytes, as: UTF8.self)
        }
        let front = [
            "---", "title: \(quoted(name))",
            "tags: [\(tags.map(Self.line).map(quoted).joined(separator: ", "))]",
            "written_at: \(quoted(writtenAt.ISO8601Format()))", "written_by: \"an agent\"", "---",
            "", "# \(name)", "", text,
        ]
        bytes = Array((front.joined(separator: "\n") + "\n").utf8)
    }

    /// The first line that says something, without Markdown's marks.
    static func title(of text: String) -> String {
        let first = text.split(separator: "\n").lazy.map(line).first { !$0.isEmpty } ?? "Note"
        return String(first.prefix(80))
    }

    private static func line(_ text: some StringProtocol) -> String {
        let plain = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .unassigned, .privateUse, .lineSeparator,
                        .paragraphSeparator:
                        " "
                    default: scalar
                    }
                }))
        let words = plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let title = String(words.drop { "#>*- ".contains($0) })
        return title.isEmpty ? "Note" : title
    }
}
