import Documents
import Foundation
import Orchestration

/// A `plan.md` as a reader sees it.
struct PlanPage {
    struct Step {
        let number: Int
        let phase: String
        let text: String
        var commands: [String] = []
        var citation: Citation?
    }

    let markdown: String
    /// The headings of level 2 outside of fences.
    private(set) var headings: [String] = []
    private(set) var steps: [Step] = []
    /// Every `Source:` at the end of a line.
    private(set) var citations: [Citation] = []
    /// Lines outside of fences whose content, list marks apart, opens a heading or a fence.
    private(set) var blockOpeners: [String] = []

    init(_ markdown: String) {
        self.markdown = markdown
        var fence: Substring?
        for line in markdown.components(separatedBy: "\n") {
            let trimmed = line.drop { $0 == " " }
            if let open = fence {
                if trimmed == open { fence = nil } else { addCommand(line) }
            } else if trimmed.hasPrefix("```") {
                fence = trimmed.prefix { $0 == "`" }
            } else {
                add(line)
            }
        }
    }

    /// The steps below a phase's heading.
    func steps(in lane: Lane) -> [Step] {
        steps.filter { $0.phase == "## Phase \(lane.phase) (\(lane.rawValue))" }
    }

    /// The lines below a heading, up to the next.
    func section(_ heading: String) -> String {
        let parts = markdown.components(separatedBy: "\n## ")
        return parts.first { $0.hasPrefix(heading + "\n") } ?? ""
    }

    private mutating func addCommand(_ line: String) {
        guard !steps.isEmpty else { return }
        steps[steps.count - 1].commands.append(line)
    }

    private mutating func add(_ line: String) {
        if line.hasPrefix("## ") { headings.append(line) }
        if let match = line.wholeMatch(of: /(\d+)\. (.*)/), let number = Int(match.1) {
            steps.append(
                Step(number: number, phase: headings.last ?? "", text: String(match.2)))
        }
        if let match = line.firstMatch(of: /(?:^|\s)Source: (.+:\d+-\d+)$/),
            let citation = Citation(String(match.1))
        {
            citations.append(citation)
            if line.hasPrefix("   Source:"), !steps.isEmpty {
                steps[steps.count - 1].citation = citation
            }
        }
        let content = line.trimmingPrefix(/\s*(?:[-*+]|\d+[.)])\s+/)
        let isItem = content.count < line.count
        if isItem, content.firstMatch(of: /^(?:#{1,6}\s|```|~~~)/) != nil {
            blockOpeners.append(line)
        }
    }
}
