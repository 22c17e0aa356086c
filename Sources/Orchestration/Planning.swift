public import Documents
public import Foundation
public import Retrieval
public import Store

/// Turns a goal into the files of a run: remembers, plans, writes.
public struct Planning: Sendable {
    /// What to plan, and how.
    public struct Request: Sendable {
        /// What is to be reached.
        public var goal: Goal
        /// Who is asked to plan.
        public var choice: PlannerChoice
        /// The most tokens of context.
        public var tokenBudget: Int
        /// The run's name; nil makes one from the time and the goal.
        public var run: String?

        /// A request to plan.
        public init(_ goal: Goal, choice: PlannerChoice, tokenBudget: Int, run: String?) {
            self.goal = goal
            self.choice = choice
            self.tokenBudget = tokenBudget
            self.run = run
        }
    }

    /// A plan that is written.
    public struct Result: Sendable {
        /// The reply that tells of it.
        public let reply: PlanReply
        /// The text of `plan.md`.
        public let markdown: String
        /// Where the run's files lie.
        public let folder: String
    }

    /// The vectors of the memory, for other searches of the same process too.
    public let vectors: PassageVectors

    private let memory: MemoryPaths
    private let embedder: EmbedderAvailability
    private let definition: AgentDefinition
    private let catalog: PlannerChain.Catalog
    private let redactor: Redactor

    /// Planning over a memory.
    ///
    /// - Parameters:
    ///   - memory: the memory.
    ///   - embedder: the model that searches by meaning, or why there is none.
    ///   - definition: names the planners and the policy.
    ///   - catalog: opens language models.
    ///   - redactor: what leaves the program passes it.
    public init(
        memory: MemoryPaths, embedder: EmbedderAvailability, definition: AgentDefinition,
        catalog: @escaping PlannerChain.Catalog, redactor: Redactor
    ) {
        self.memory = memory
        vectors = PassageVectors(memory)
        self.embedder = embedder
        self.definition = definition
        self.catalog = catalog
        self.redactor = redactor
    }

    /// The arrow context → plan, written to the run's folder.
    ///
    /// - Parameters:
    ///   - request: what to plan.
    ///   - time: the time that models have.
    ///   - now: the time to note.
    ///   - news: called for every piece of news, on any executor.
    /// - Returns: the plan that was written.
    /// - Throws: `Failure` for a name that is taken or not allowed, `RetrievalError`, `StoreError`.
    ///   A model that gives no plan is not an error: the offline plan stands, and says so.
    public func plan(
        _ request: Request, within time: TimeLimit, now: Date,
        news: @escaping @Sendable (PlanningNews) -> Void = { _ in }
    ) async throws -> Result {
        try checkName(request)
        let paths = RootedPaths(root: memory.root)
        let builder = ContextBuilder(
            try MemoryReader(memory), paths: paths, embedder: embedder, vectors: vectors)
        let context = try await builder.context(
            for: request.goal.text, budget: request.tokenBudget, now: now)
        let chain = PlannerChain(
            request.choice, policy: definition, catalog: catalog, redactor: redactor, time: time,
            news: news)
        let plan = try await chain.plan(request.goal, using: context)
        // Who cancelled does not want a run.
        try Task.checkCancellation()
        let folder = try reserveFolder(request, now: now)
        let files = try PlanFiles(
            plan, context: context, policy: definition, run: folder.id.rawValue,
            createdAt: now.ISO8601Format())
        do {
            try folder.write(files.files)
        } catch {
            folder.removeWhereEmpty()
            throw error
        }
        try RunRecord(folder).writeStatus(to: folder, now: now)
        return Result(
            reply: PlanReply(
                plan, files, run: folder.id.rawValue, path: paths.stored(folder.path)),
            markdown: files.markdown, folder: folder.path)
    }

    /// Says early what would only come to light once a model has planned.
    private func checkName(_ request: Request) throws {
        guard let name = request.run else { return }
        if try folder(named: name).exists { throw Self.isTaken(name) }
    }

    /// Makes the run's folder; of two plans at once each has its own.
    private func reserveFolder(_ request: Request, now: Date) throws -> RunFolder {
        if let name = request.run {
            let folder = try folder(named: name)
            guard try folder.reserve() else { throw Self.isTaken(name) }
            return folder
        }
        let name = RunName.name(goal: request.goal.text, now: now)
        var folder = try folder(named: name)
        var count = 1
        while try !folder.reserve() {
            count += 1
            folder = try self.folder(named: "\(name.prefix(56))-\(count)")
        }
        return folder
    }

    private static func isTaken(_ name: String) -> Failure {
        Failure(
            code: "RUN_EXISTS", message: "run \(name) is there already; nothing was changed",
            next: "choose another --run ID", exitCode: .failure)
    }

    private func folder(named name: String) throws -> RunFolder {
        guard let id = RunID(rawValue: name) else {
            throw Failure(
                code: "INVALID_NAME", message: "not a run's name: \(name)",
                next: "name it with --run ID", exitCode: .usage)
        }
        return RunFolder(id, in: memory)
    }
}
