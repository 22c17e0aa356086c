import Retrieval
import TestSupport
import Testing

/// Sets are read strictly: a bad line is named, and nothing is lost without a word.
@Suite struct EvaluationSetTests {
    @Test func `a set is read whole`() throws {
        let set = try SmallSet.pages().read()
        #expect(set.name == "set" && set.documents.map(\.id) == ["lantern", "b", "c"])
        #expect(set.queries.map(\.id) == ["1", "2", "3"])
        #expect(set.queries[2].grades == ["c": 1, "b": 0])
        #expect(set.notes == ["1 queries have no relevant document and are left out"])
    }

    @Test func `judgements on what is not there are noted`() throws {
        let set = try SmallSet(
            corpus: [#"{"_id":"a","text":"x"}"#], queries: [#"{"_id":"1","text":"x"}"#],
            judgements: ["1\ta\t1", "1\tgone\t1", "9\ta\t1"]
        ).read()
        #expect(set.queries[0].grades == ["a": 1, "gone": 1])
        #expect(set.notes.count == 2 && set.notes[0].hasPrefix("1 judged queries"))
    }

    static let document = #"{"_id":"a","text":"x"}"#
    static let query = #"{"_id":"1","text":"x"}"#
    static let judgement = "1\ta\t1"

    /// Each file's good line, then a bad one, and what must be said.
    static let badLines: [(file: String, line: String, reason: String)] = [
        ("corpus.jsonl", #"{"_id":"b","text":"x""#, "not JSON"),
        ("corpus.jsonl", #"{"_id":"b","_id":"c","text":"x"}"#, "not JSON"),
        ("corpus.jsonl", "[]", "not a JSON object"),
        ("corpus.jsonl", #"{"_id":2,"text":"x"}"#, "\"_id\" must be text"),
        ("corpus.jsonl", #"{"_id":"b"}"#, "\"text\" must be text"),
        ("corpus.jsonl", #"{"_id":"b","title":7,"text":"x"}"#, "\"title\" must be text"),
        ("corpus.jsonl", document, "a second document \"a\""),
        ("queries.jsonl", #"{"_id":"2","text":" "}"#, "the query is empty"),
        ("queries.jsonl", query, "a second query \"1\""),
        ("qrels.tsv", "1\ta", "not query, document and grade between tabs"),
        ("qrels.tsv", "1\tb\t1.5", "the grade \"1.5\" is no whole number"),
        ("qrels.tsv", judgement, "1 and a are judged twice"),
    ]

    @Test(arguments: badLines)
    func `a bad line is named`(file: String, line: String, reason: String) throws {
        func lines(_ name: String, _ good: String) -> [String] {
            name == file ? [good, line] : [good]
        }
        let set = try SmallSet(
            corpus: lines("corpus.jsonl", Self.document),
            queries: lines("queries.jsonl", Self.query),
            judgements: lines("qrels.tsv", Self.judgement))
        let path = set.folder.path + "/set/" + file
        let number = file == "qrels.tsv" ? 3 : 2
        do {
            _ = try set.read()
            Issue.record("\(line) was read")
        } catch EvaluationError.malformed(path, number, let told) {
            #expect(told.hasPrefix(reason), "\(told)")
        }
    }

    @Test func `a judgement is not taken for the header`() throws {
        let set = try SmallSet.pages()
        let path = try set.folder.write("1\tlantern\t1\n2\tb\t1\n", to: "set/qrels.tsv")
        #expect(
            throws: EvaluationError.malformed(
                path: path, line: 1, reason: "the header line is missing")
        ) { try set.read() }
    }

    @Test func `a missing file and a set without judgements are errors`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: EvaluationError.self) { try EvaluationSet(folder: folder.path) }
        let set = try SmallSet(
            corpus: [Self.document], queries: [Self.query], judgements: ["1\ta\t0"])
        #expect(throws: EvaluationError.nothingToAsk(path: set.folder.path + "/set/qrels.tsv")) {
            try set.read()
        }
    }

    @Test func `lines may end in CR LF, and the last without one`() throws {
        let set = try SmallSet.pages()
        try set.folder.write("q\td\tg\r\n1\tlantern\t1\r\n\r\n2\tb\t3", to: "set/qrels.tsv")
        #expect(try set.read().queries.map(\.grades) == [["lantern": 1], ["b": 3]])
    }

    @Test func `labelled queries are read, and bad ones named`() throws {
        let folder = try TemporaryFolder()
        func read(_ text: String) throws -> [EvaluationSet.Query] {
            try LabelledQueries.read(folder.write(text, to: "q.jsonl"))
        }
        let good = #"{"query":"q","relevant":["a.md","b.md","a.md"],"kind":"symptom"}"#
        let query = try #require(try read(good).first)
        #expect(query.id == "q" && query.kind == "symptom")
        #expect(query.grades == ["a.md": 1, "b.md": 1])
        for bad in [
            #"{"query":"p"}"#, #"{"query":"p","relevant":[]}"#, #"{"query":"p","relevant":[1]}"#,
            #"{"query":"p","relevant":"a.md"}"#, #"{"query":"","relevant":["a"]}"#, good,
        ] {
            let path = folder.path + "/q.jsonl"
            do {
                _ = try read(good + "\n\n" + bad)
                Issue.record("\(bad) was read")
            } catch EvaluationError.malformed(path, 3, _) {}
        }
        #expect(throws: EvaluationError.nothingToAsk(path: folder.path + "/q.jsonl")) {
            try read("\n")
        }
    }
}
