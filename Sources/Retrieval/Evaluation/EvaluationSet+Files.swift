internal import Foundation
internal import StrictJSON

extension EvaluationSet {
    /// Reads a folder in BEIR's layout.
    ///
    /// `corpus.jsonl` holds `{"_id","title","text"}` a line, `queries.jsonl` `{"_id","text"}`,
    /// `qrels.tsv` (or `qrels/test.tsv`) a header and then query, document and grade between tabs.
    /// Other members are ignored. Queries without a relevant document are left out.
    ///
    /// - Throws: `EvaluationError`, with file and line. A judgement on a query or document that is
    ///   not in the set is not an error: a note tells.
    /// - Source: Thakur et al., "BEIR", NeurIPS 2021, https://github.com/beir-cellar/beir
    public init(folder: String) throws(EvaluationError) {
        name = URL(filePath: folder).standardizedFileURL.lastPathComponent
        documents = try Self.documents(in: LineFile(folder + "/corpus.jsonl"))
        let texts = try Self.texts(in: LineFile(folder + "/queries.jsonl"))
        let flat = folder + "/qrels.tsv"
        let isFlat = FileManager.default.fileExists(atPath: flat)
        let file = try LineFile(isFlat ? flat : folder + "/qrels/test.tsv")
        let grades = try Self.grades(in: file)
        queries = texts.compactMap { id, text in
            guard let judged = grades[id], judged.values.contains(where: { $0 > 0 }) else {
                return nil
            }
            return Query(id: id, text: text, kind: nil, grades: judged)
        }
        notes = Self.notes(documents, texts.map(\.id), grades, asked: queries.count)
        guard !queries.isEmpty else { throw .nothingToAsk(path: file.path) }
    }

    private static func documents(in file: LineFile) throws(EvaluationError) -> [Document] {
        var documents: [Document] = []
        var seen: Set<String> = []
        try file.forEachObject { line, object throws(EvaluationError) in
            let document = Document(
                id: try file.text("_id", in: object, line: line),
                title: try file.text("title", in: object, line: line, default: ""),
                text: try file.text("text", in: object, line: line))
            guard seen.insert(document.id).inserted else {
                throw file.malformed(line, "a second document \"\(document.id)\"")
            }
            documents.append(document)
        }
        return documents
    }

    private static func texts(
        in file: LineFile
    ) throws(EvaluationError) -> [(id: String, text: String)] {
        var texts: [(id: String, text: String)] = []
        var seen: Set<String> = []
        try file.forEachObject { line, object throws(EvaluationError) in
            let id = try file.text("_id", in: object, line: line)
            let text = try file.text("text", in: object, line: line)
            guard seen.insert(id).inserted else {
                throw file.malformed(line, "a second query \"\(id)\"")
            }
            guard !text.allSatisfy(\.isWhitespace) else {
                throw file.malformed(line, "the query is empty")
            }
            texts.append((id, text))
        }
        return texts
    }

    private static func grades(
        in file: LineFile
    ) throws(EvaluationError) -> [String: [String: Int]] {
        var grades: [String: [String: Int]] = [:]
        try file.forEachLine { line, bytes throws(EvaluationError) in
            let cells = bytes.split(separator: 0x09, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard cells.count == 3 else {
                throw file.malformed(line, "not query, document and grade between tabs")
            }
            let grade = Int(cells[2])
            if line == 1 {
                // Else the first judgement would be taken for it, and be lost.
                guard grade == nil else { throw file.malformed(1, "the header line is missing") }
                return
            }
            guard let grade else {
                throw file.malformed(line, "the grade \"\(cells[2])\" is no whole number")
            }
            guard grades[cells[0], default: [:]].updateValue(grade, forKey: cells[1]) == nil else {
                throw file.malformed(line, "\(cells[0]) and \(cells[1]) are judged twice")
            }
        }
        return grades
    }

    private static func notes(
        _ documents: [Document], _ queries: [String], _ grades: [String: [String: Int]], asked: Int
    ) -> [String] {
        let known = Set(documents.map(\.id))
        let strange = Set(grades.keys).subtracting(queries).count
        let lost = Set(grades.values.joined().filter { $0.value > 0 }.map(\.key))
            .subtracting(known).count
        return [
            (queries.count - asked, "queries have no relevant document and are left out"),
            (strange, "judged queries are not in queries.jsonl"),
            (lost, "relevant documents are not in corpus.jsonl and count as not found"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }
}
