public import Documents
internal import Foundation
public import Orchestration
public import Retrieval
public import Store
internal import StrictJSON

/// Everything that a client may ask for, whichever door it came through.
///
/// Each read sees the memory's latest state; writes take turns.
public struct Desk: Sendable {
    let memory: MemoryPaths
    let embedder: EmbedderAvailability
    let definition: AgentDefinition
    let planning: Planning
    let redactor: Redactor
    let planLimit: Duration
    let news: @Sendable (PlanningNews) -> Void
    let writes: Turnstile
    private let readers: MemoryReaders

    /// A desk over a memory.
    ///
    /// - Parameters:
    ///   - memory: the memory.
    ///   - embedder: the model that searches by meaning, or why there is none.
    ///   - definition: the agent's definition.
    ///   - planning: makes plans.
    ///   - redactor: replies pass it.
    ///   - planLimit: the most time that models have for one plan.
    ///   - limits: how many writes may wait, and how long.
    ///   - news: told what planning sends where; from any executor.
    public init(
        memory: MemoryPaths, embedder: EmbedderAvailability, definition: AgentDefinition,
        planning: Planning, redactor: Redactor, planLimit: Duration,
        limits: ServiceLimits = ServiceLimits(), news: @escaping @Sendable (PlanningNews) -> Void
    ) {
        self.memory = memory
        readers = MemoryReaders(memory)
        self.embedder = embedder
        self.definition = definition
        self.planning = planning
        self.redactor = redactor
        self.planLimit = planLimit
        writes = Turnstile(
            limit: 1, queueLimit: limits.requestsWaiting, patience: limits.waitTime)
        self.news = news
    }

    var paths: RootedPaths { RootedPaths(root: memory.root) }

    func reader() throws -> MemoryReader { try readers.reader() }

    /// Runs `body` with the write connection, when its turn comes.
    ///
    /// - Throws: `StoreError.busy` while another process writes.
    func write<Result: Sendable>(
        _ body: @Sendable @escaping (MemoryWriter) throws -> Result
    ) async throws -> Result {
        try await writes.run { try body(try MemoryWriter(memory)) }
    }

    // MARK: Reading

    func search(_ arguments: Arguments) async throws -> SearchReply {
        var request = SearchRequest(try arguments.required("query"))
        request.limit = arguments.number("limit") ?? request.limit
        request.mode = arguments.text("mode").flatMap { .init(rawValue: $0) } ?? request.mode
        request.collections = arguments.text("collection").map { [$0] } ?? []
        request.kind = arguments.text("kind")
        request.pathPattern = arguments.text("path")
        request.tags = arguments.texts("tags")
        request.since = try arguments.moment("since")
        request.until = try arguments.moment("until")
        request.asOf = try arguments.moment("as_of")
        request.neighbours = arguments.number("neighbours") ?? 0
        request.explains = arguments.flag("explain")
        request.redactor = redactor
        return try await Searcher(
            reader(), paths: paths, embedder: embedder, vectors: planning.vectors
        )
        .search(request, now: .now)
    }

    func context(_ arguments: Arguments) async throws -> ContextReply {
        let builder = ContextBuilder(
            try reader(), paths: paths, embedder: embedder, vectors: planning.vectors)
        return ContextReply(
            try await builder.context(
                for: arguments.required("goal"), budget: arguments.number("budget") ?? 6000,
                now: .now))
    }

    func status(_ arguments: Arguments) async throws -> MemoryStatus {
        try MemoryStatus(of: reader(), at: memory)
    }

    // MARK: Planning

    func plan(_ arguments: Arguments) async throws -> PlanReply {
        let choice = PlannerChoice(arguments.text("planner") ?? "offline")
        let started = ContinuousClock.now
        return try await planning.plan(
            Planning.Request(
                Goal(try arguments.required("goal"), constraints: arguments.texts("constraints")),
                choice: choice, tokenBudget: arguments.number("budget") ?? 6000,
                run: arguments.text("run")),
            within: TimeLimit(planLimit) { ContinuousClock.now - started }, now: .now, news: news
        ).reply
    }
}
