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
        let status = try MemoryStatus(of: reader, at: settings.memory)
        if options.json { return try Console.print(json: status) }
        Console.print(
            """
            root       \(status.root)
            memory     \(status.memory), generation \(status.generation)
            indexed    \(status.indexedAt ?? "never")
            documents  \(status.documents) in \(status.roots.count) roots
            passages   \(status.coverage.chunks), \(status.coverage.embedded) with a vector of \(status.embedder ?? "no model")
            facts      \(status.facts)
            """)
    }
}
