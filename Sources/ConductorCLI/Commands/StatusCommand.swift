import ArgumentParser
import Orchestration
import Retrieval
import Store

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What the memory holds, or how far a run has come. Loads no model.")

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp("A run, to tell how far it has come.", valueName: "run"))
    var name: String?

    func run() throws {
        let settings = try Settings(options)
        if let name {
            let record = try RunRecord(RunFolder.named(name, in: settings.memory))
            return try RunReply(record).print(asJSON: options.json)
        }
        let reader = try MemoryReader(settings.memory)
        let embedder = try reader.meta("embedder")
        let figures = try reader.figures(fingerprint: embedder)
        let reply = Reply(
            root: settings.memory.root, memory: settings.memory.database,
            generation: figures.generation, indexedAt: figures.indexedAt, embedder: embedder,
            documents: figures.documents, facts: figures.facts,
            coverage: Coverage(chunks: figures.chunks, embedded: figures.embedded),
            roots: try reader.roots().map { Reply.Root(path: $0.path, collection: $0.collection) })
        if options.json { return try Console.print(json: reply) }
        Console.print(
            """
            root       \(reply.root)
            memory     \(reply.memory), generation \(reply.generation)
            indexed    \(reply.indexedAt ?? "never")
            documents  \(reply.documents) in \(reply.roots.count) roots
            passages   \(figures.chunks), \(figures.embedded) with a vector of \(embedder ?? "no model")
            facts      \(reply.facts)
            """)
    }

    private struct Reply: Encodable {
        struct Root: Encodable {
            let path, collection: String
        }

        let root, memory: String
        let generation: Int
        let indexedAt, embedder: String?
        let documents, facts: Int
        let coverage: Coverage
        let roots: [Root]

        enum CodingKeys: String, CodingKey {
            case root, memory, generation, embedder, documents, facts, coverage, roots
            case indexedAt = "indexed_at"
        }
    }
}
