import ArgumentParser
import Foundation
import Orchestration
import Retrieval
import Store

struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Index what changed, drop what is derived and unused, publish vector.faiss.",
        discussion: "Your own files are only read. Doing it again changes nothing.")

    @OptionGroup var options: GlobalOptions
    @Option(help: "Write this run's retrospective first.")
    var retro: String?
    @Flag(help: "Only tell what would be done.")
    var dryRun = false

    func run() async throws {
        if let retro, !dryRun { try writeRetrospective(of: retro) }
        let settings = try Settings(options)
        let bar = ProgressBar()
        let library = try Library(settings.memory, embedder: try await settings.embedder())
        let report = try await library.sweep(isDryRun: dryRun, now: .now) { bar.show($0) }
        bar.finish()
        if options.json { return try Console.print(json: report) }
        print(report)
    }

    /// As `retro` does; its own reply is left out, because this command's is the data.
    private func writeRetrospective(of run: String) throws {
        let settings = try Settings(options)
        try RunFolder.named(run, in: settings.memory).close(
            by: settings.definition.name, settings: settings)
    }

    private func print(_ report: SweepReport) {
        func row(_ name: String, _ value: (SweepReport.Figures) -> Int) {
            Console.print("\(name)  \(value(report.before)) before, \(value(report.after)) after")
        }
        row("documents", \.documents)
        row("passages ", \.chunks)
        row("embedded ", \.embedded)
        row("vectors  ", \.vectors)
        row("facts    ", \.facts)
        let changes = report.index.documents
        Console.print(
            "index      \(changes.added) added, \(changes.changed) changed, \(changes.removed) removed"
        )
        let state = report.isPublished ? "written" : "up to date"
        Console.print("published  \(report.vectorFile) \(report.isDryRun ? "(dry run)" : state)")
        for sentence in report.index.degraded { Console.note("degraded: \(sentence)") }
    }
}
