internal import Documents
internal import Foundation
internal import Retrieval

/// One thing that a page tells its reader to do, with what its place and its commands say of it.
struct CitedInstruction: Sendable {
    /// What to do; may be empty where only commands stand.
    let text: String
    /// The commands, as the page gives them.
    let commands: [String]
    /// What the headings above it, or its own first words, say.
    let role: SectionRole
    /// Where it stands.
    let citation: Citation
    /// Whether it is an item of a list, rather than a paragraph or bare commands.
    let isListItem: Bool

    /// What is no procedure, whatever it says: definitions, and what agents themselves wrote.
    private static let notProcedures: Set<String> = Set(
        [DocumentKind.agent, .note, .retrospective, .event].map(\.rawValue))

    /// Whether steps may be taken from a passage.
    static func isProcedure(_ passage: Context.Passage) -> Bool {
        !notProcedures.contains(passage.kind)
    }

    /// The instructions of a passage, in order.
    ///
    /// - Parameters:
    ///   - passage: the passage.
    ///   - text: its text where it is read in another form, line for line; else its own.
    /// - Returns: the instructions.
    /// - Complexity: O(text).
    static func instructions(
        in passage: Context.Passage, text: String? = nil
    ) -> [CitedInstruction] {
        Instruction.instructions(
            in: text ?? passage.text, firstLine: passage.citation.startLine,
            headings: passage.breadcrumb.components(separatedBy: " › ")
        ).map { instruction in
            let inSection = SectionRole(headings: Array(instruction.headings.dropFirst()))
            return CitedInstruction(
                text: instruction.text, commands: instruction.commands.map(\.text),
                role: SectionRole.isProhibition(instruction.text) ? .prohibition : inSection,
                citation: Citation(path: passage.citation.path, lines: instruction.lines),
                isListItem: instruction.isListItem)
        }
    }

    /// The lowest lane that its section, its commands and its words allow.
    var lane: Lane {
        let lanes = [
            role.floor,
            // Together: a change of folder in one line moves the files of the next.
            commands.isEmpty ? nil : CommandLane.lane(of: commands.joined(separator: "\n")),
            ProseLane.lane(of: text, role: role, hasCommands: !commands.isEmpty),
        ].compactMap { $0 }
        return lanes.max() ?? .execute
    }
}
