internal import Documents
internal import Retrieval
internal import StrictJSON

/// The members of requests, each told once: for checking, for MCP's tools, for OpenAPI.
enum Fields {
    typealias Member = JSONSchema.Member

    private static func text(
        _ count: ClosedRange<Int>, _ note: String, _ rule: JSONSchema.TextRule = .filled
    ) -> JSONSchema {
        JSONSchema(.string(count: count, rule), note: note)
    }

    static let query = Member(
        "query", text(1...8192, "A question, symptom, alert, name or log line."), isRequired: true)
    static let limit = Member("limit", JSONSchema(.integer(1...200), note: "The most hits; 10."))
    static let mode = Member(
        "mode",
        JSONSchema(
            .choice(SearchRequest.Mode.allCases.map(\.rawValue)),
            note: "How to search: auto unless told."))
    static let collection = Member(
        "collection", text(1...256, "A group of documents to look in.", .printable))
    static let kind = Member(
        "kind",
        JSONSchema(
            .choice(DocumentKind.allCases.map(\.rawValue)),
            note: "The role that documents must have."))
    static let pathPattern = Member(
        "path", text(1...1024, "A shell pattern that paths must match, such as runbooks/**."))
    static let pageTags = Member(
        "tags",
        JSONSchema(
            .array(of: text(1...64, "A tag."), atMost: 20),
            note: "Tags that a page's front matter must have, all of them."))
    static let neighbours = Member(
        "neighbours",
        JSONSchema(.integer(0...20), note: "Passages before and behind each hit; 0."))
    static let explain = Member("explain", JSONSchema(.boolean, note: "Tell each channel's part."))

    static let path = Member(
        "path", text(1...4096, "A document's path as hits name it, or its #docid."),
        isRequired: true)
    static let startLine = Member(
        "start_line", JSONSchema(.integer(1...1_000_000_000), note: "The first line, from 1."))
    static let lineCount = Member(
        "line_count", JSONSchema(.integer(1...1_000_000), note: "How many lines; to the end."))

    static let goal = Member(
        "goal", text(1...8192, "What is to be reached, in words."), isRequired: true)
    static let budget = Member(
        "budget", JSONSchema(.integer(1...200_000), note: "The most tokens; 6000."))
    static let constraints = Member(
        "constraints",
        JSONSchema(.array(of: text(1...1000, "Something to keep to."), atMost: 50)))
    static let planner = Member(
        "planner",
        text(
            1...200,
            "offline (no model, the default), primary, secondary, claude:MODEL or ollama:MODEL.",
            .matching("^(offline|primary|secondary|(claude|ollama):[A-Za-z0-9._:/@-]+)$")))
    static let run = Member(
        "run",
        text(
            1...64, "The run's name; else made from time and goal.",
            .matching("^[a-z0-9][a-z0-9._-]*$")))

    static let key = Member(
        "key", text(1...128, "A fact's key, such as budget.s3.monthly_usd.", .printable))
    static let value = Member("value", text(0...16384, "A fact's text.", .withoutNUL))
    static let prefix = Member(
        "prefix", text(0...128, "The first characters of keys.", .withoutNUL))
    static let lifetime = Member(
        "ttl",
        text(
            2...7, "How long the fact holds: 90s, 15m, 24h, 7d; for ever unless told.",
            .matching("^[1-9][0-9]*[smhd]$")))

    static let agent = Member("agent", text(1...200, "Who did it."))
    static let did = Member("event", text(1...200, "What was done, in a word."))
    static let summary = Member("summary", text(1...4000, "What happened, in a sentence."))
    static let task = Member("task_id", text(1...200, "What it belongs to."))
    static let artifacts = Member(
        "artifacts", JSONSchema(.array(of: text(1...1000, "A file."), atMost: 100)))
    static let eventLimit = Member(
        "limit", JSONSchema(.integer(1...200), note: "The most events; 50."))
    static let since = Member(
        "since",
        text(
            4...30, "Events at or after this time, such as 2026-11-01.",
            .matching("^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+Z?)?)?)?$")))

    static let note = Member(
        "text", text(1...65536, "What to remember, in Markdown."), isRequired: true)
    static let title = Member("title", text(1...200, "A title; else the first line."))
    static let tags = Member("tags", JSONSchema(.array(of: text(1...64, "A tag."), atMost: 20)))

    static let paths = Member(
        "paths",
        JSONSchema(.array(of: text(1...4096, "A file or folder below the root."), atMost: 100)))
    static let isDryRun = Member(
        "dry_run", JSONSchema(.boolean, note: "Only tell what would change."))

    /// What a member is under another name, or made required.
    static func required(_ member: Member, as name: String? = nil) -> Member {
        Member(name ?? member.name, member.schema, isRequired: true)
    }
}
