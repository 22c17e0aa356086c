internal import Orchestration
internal import Retrieval
internal import StrictJSON

/// Every operation, once.
struct OperationCatalog: Sendable {
    /// What MCP's clients are told of is kept small; HTTP's has every filter.
    let search, filteredSearch, context, plan, status: Operation
    let get, documents, index, remember: Operation
    let facts, fact, setFact, deleteFact: Operation
    let events, appendEvent: Operation

    init() throws {
        let searched = [
            Fields.query, Fields.limit, Fields.mode, Fields.collection, Fields.kind,
            Fields.pathPattern, Fields.explain,
        ]
        let (name, title) = ("search", "Search the memory")
        let summary =
            "Finds passages of runbooks, READMEs and notes by meaning and by exact name; every hit "
            + "is cited as path and lines. Use it before acting on anything."
        search = try Operation(name, title, summary, takes: searched) { try await $0.search($1) }
        filteredSearch = try Operation(
            name, title, summary,
            takes: searched + [
                Fields.pageTags, Fields.from, Fields.until, Fields.asOf, Fields.neighbours,
            ]
        ) { try await $0.search($1) }
        context = try Operation(
            "context", "Context for a goal",
            "Gathers facts, whole procedures and recent events for a goal, packed into a token "
                + "budget, with what was left out.",
            takes: [Fields.goal, Fields.budget]
        ) { try await $0.context($1) }
        plan = try Operation(
            "plan", "Plan a goal",
            "Turns a goal into a cited plan in three lanes (read_only, dry_run, execute), written "
                + "below memory/runs/. Nothing is run. Asks a model only where planner says so.",
            .init(cost: .plan, isIdempotent: false, isOpenWorld: true),
            takes: [Fields.goal, Fields.constraints, Fields.planner, Fields.budget, Fields.run]
        ) { try await $0.plan($1) }
        status = try Operation(
            "status", "State of the memory",
            "Tells what the memory holds, how fresh it is and how much of it has vectors.",
            takes: []
        ) { try await $0.status($1) }
        get = try Operation(
            "get", "Read a document",
            "Reads lines of a document of the memory as it is now, by a hit's path or #docid.",
            takes: [Fields.path, Fields.startLine, Fields.lineCount]
        ) { try await $0.get($1) }
        documents = try Operation(
            "list_documents", "List documents", "Lists every document of the memory.", takes: []
        ) { try await $0.documents($1) }
        index = try Operation(
            "index", "Index files",
            "Reads what changed below the root into the memory; without paths everything known.",
            .init(cost: .write),
            takes: [Fields.paths, Fields.collection, Fields.isDryRun]
        ) { try await $0.index($1) }
        remember = try Operation(
            "remember", "Remember a note",
            "Writes a note as a Markdown file below memory/notes/ and indexes it. For what was "
                + "learnt and is worth finding again; secrets are left out.",
            .init(cost: .write), takes: [Fields.note, Fields.title, Fields.tags]
        ) { try await $0.remember($1) }
        facts = try Operation(
            "list_facts", "List facts", "Lists facts by the first characters of their keys.",
            takes: [Fields.prefix]
        ) { try await $0.facts($1) }
        fact = try Operation(
            "get_fact", "Read a fact", "Reads one fact.", takes: [Fields.required(Fields.key)]
        ) { try await $0.fact($1) }
        setFact = try Operation(
            "set_fact", "Set a fact", "Sets a fact; an earlier value stays in its history.",
            .init(cost: .write, isDestructive: true),
            takes: [Fields.required(Fields.key), Fields.required(Fields.value), Fields.lifetime]
        ) { try await $0.setFact($1) }
        deleteFact = try Operation(
            "delete_fact", "Delete a fact", "Removes a fact; its value stays in its history.",
            .init(cost: .write, isDestructive: true), takes: [Fields.required(Fields.key)]
        ) { try await $0.deleteFact($1) }
        events = try Operation(
            "list_events", "List events", "Lists events of the timeline, the latest of them.",
            takes: [Fields.since, Fields.agent, Fields.task, Fields.eventLimit]
        ) { try await $0.events($1) }
        appendEvent = try Operation(
            "append_event", "Note an event", "Appends an event to the timeline.",
            .init(cost: .write, isIdempotent: false),
            takes: [
                Fields.required(Fields.agent), Fields.required(Fields.did, as: "action"),
                Fields.required(Fields.summary), Fields.task, Fields.artifacts,
            ]
        ) { desk, arguments in
            try await desk.appendEvent(arguments, did: try arguments.required("action"))
        }
    }
}
