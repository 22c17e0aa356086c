import ArgumentParser
import Documents
import Foundation
import Retrieval

struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Read files into the memory: what changed, by content.",
        discussion: """
            Without PATH: docs/, runbooks/, playbooks/, retrospectives, and every path that was \
            indexed before. Files that cannot be read are reported, never fatal.
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Files and folders.", completion: .file())
    var paths: [String] = []
    @Option(help: "The group of the documents; else the path's last component.")
    var collection: String?
    @Option(help: "Embed with this model from now on; else as before. See `embed --help`.")
    var embedder: String?
    @Flag(help: "Only tell what would change.")
    var dryRun = false

    func run() async throws {
        let settings = try Settings(options)
        let bar = ProgressBar()
        let library = try Library(settings.memory, embedder: try await embedder(settings))
        let request = IndexRequest(paths: paths, collection: collection, isDryRun: dryRun)
        let report = try await library.index(request, now: .now) { bar.show($0) }
        bar.finish()
        if options.json { return try Console.print(json: report) }
        print(report)
    }

    /// A model that was named must be there; otherwise words serve alone.
    private func embedder(_ settings: Settings) async throws -> EmbedderAvailability {
        guard let embedder else { return try await settings.embedder() }
        return try await settings.installation.embedders(named: embedder)
    }

    private func print(_ report: IndexReport) {
        let (documents, chunks) = (report.documents, report.chunks)
        Console.print(
            """
            documents  \(documents.added) added, \(documents.changed) changed, \
            \(documents.removed) removed, \(documents.unchanged) unchanged, \(documents.failed) failed
            passages   \(chunks.added) added, \(chunks.removed) removed, \(chunks.reused) reused; \
            \(report.coverage.embedded) of \(report.coverage.chunks) have a vector
            memory     generation \(report.generation), \(report.seconds) s\
            \(report.isDryRun ? " (dry run: nothing was written)" : "")
            """)
        for remark in report.diagnostics where remark.code != .ignored {
            let place = remark.line.map { "\(remark.path):\($0)" } ?? remark.path
            let verb = remark.isSkipped ? "skipped" : "note"
            Console.note("\(verb) \(place): \(remark.message) [\(remark.code.rawValue)]")
        }
        let ignored = report.diagnostics.count { $0.code == .ignored }
        if ignored > 0 { Console.note("skipped \(ignored) entries that a .gitignore names") }
        for sentence in report.repairs { Console.note("repaired: \(sentence)") }
        for sentence in report.degraded { Console.note("degraded: \(sentence)") }
    }
}
