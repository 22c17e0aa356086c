internal import Documents
internal import Retrieval
internal import Store

/// What a model was shown, and what may be taken from it.
struct PlanEvidence: Sendable {
    /// A passage as it was shown.
    struct Shown: Sendable {
        let passage: Context.Passage
        let text: RedactedText
        let instructions: [CitedInstruction]
    }

    let context: Context
    let passages: [Shown]

    /// Prepares a context for a model: secrets and invisible characters are taken out.
    init(_ context: Context, redactor: Redactor) {
        self.context = context
        passages = context.passages.map { passage in
            let text = redactor.redacted(PromptText.visible(passage.text))
            return Shown(
                passage: passage, text: text,
                instructions: CitedInstruction.isProcedure(passage)
                    ? CitedInstruction.instructions(in: passage, text: text.text) : [])
        }
    }

    /// The citation of a step's source, where every one of its lines was shown.
    func citation(of source: String) throws(PlanErrors) -> Citation {
        guard let citation = Citation(source) else {
            throw PlanErrors(sentences: ["\"\(source)\" is no path:start-end"])
        }
        let ofFile = passages.filter { $0.passage.citation.path == citation.path }
        guard let path = ofFile.first?.passage.citation.path else {
            throw PlanErrors(sentences: ["\(citation.path) is not in the evidence"])
        }
        let shown = ofFile.map { $0.passage.citation.startLine...$0.passage.citation.endLine }
        var line = citation.startLine
        // Passages may share a line and follow one another: walk to the end.
        while line <= citation.endLine {
            guard let last = shown.filter({ $0.contains(line) }).map(\.upperBound).max() else {
                throw PlanErrors(
                    sentences: ["line \(line) of \(citation.path) is not in the evidence"])
            }
            line = last + 1
        }
        // The memory's own spelling: texts that look alike are equal, files are not.
        return Citation(path: path, lines: citation.startLine...citation.endLine)
    }

    /// Whether some code was shown: in the cited lines, or anywhere where nothing is cited.
    func holds(_ code: String, at citation: Citation?) -> Bool {
        let wanted = Array(code.utf8)
        guard let citation else {
            return passages.contains { $0.text.text.utf8.contains(wanted) }
                || context.facts.contains { "\($0.key) = \($0.value)".utf8.contains(wanted) }
        }
        return passages.filter { $0.passage.citation.path == citation.path }.contains { shown in
            let first = shown.passage.citation.startLine
            let lines = shown.text.text.utf8.split(
                separator: 0x0A, omittingEmptySubsequences: false)
            let cited = lines.enumerated().filter { offset, _ in
                (citation.startLine...citation.endLine).contains(first + offset)
            }
            return Array(cited.map(\.element).joined(separator: [0x0A])).contains(wanted)
        }
    }

    /// The instructions that touch a citation's lines.
    func instructions(at citation: Citation) -> [CitedInstruction] {
        passages.filter { $0.passage.citation.path == citation.path }.flatMap(\.instructions)
            .filter {
                $0.citation.startLine <= citation.endLine
                    && $0.citation.endLine >= citation.startLine
            }
    }

    /// Whether a key is among the facts that were shown.
    func hasFact(_ key: String) -> Bool {
        context.facts.contains { $0.key == key }
    }
}
